using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Luminarys.Invocations;
using Luminarys.Testing;

namespace Luminarys.Testing.Tests;

/// <summary>The examples of the package's README, as they stand there.</summary>
[Collection(nameof(WholeClusters))]
public sealed class ReadmeTests
{
    [Fact]
    public async Task Cluster_Example_Holds()
    {
        var token = TestContext.Current.CancellationToken;
        await using var cluster = await new LuminarysTestClusterBuilder()
            .UseVirtualTime()
            .AddSlave("slave-1", node => node.AddSkill("weather", skill => skill
                .WithMethod("today", (call, ends) => new(InvocationResult.Success(new byte[] { 0xc3 })))))
            .StartAsync(token);
        await cluster.WaitForToolsAsync(["weather__today"], token);
        Assert.True((await cluster.InvokeAsync("weather", "today", new byte[] { 0x80 }, token)).IsSuccess);

        await cluster.CrashAsync("slave-1");
        var lost = await cluster.InvokeAsync("weather", "today", new byte[] { 0x80 }, token);
        Assert.False(lost.IsSuccess);

        await cluster.RestartAsync("slave-1", token);
        await cluster.WaitForToolsAsync(["weather__today"], token);
        await cluster.WaitForAsync(_ => cluster.Registry.Entries.Length == 1, "the skill is back", token);
    }

    [Fact]
    public void Readme_Examples_AreThoseOfThisFile()
    {
        var readme = File.ReadAllText(Beside("../../src/Luminarys.Testing/README.md"));
        var source = Squeezed(File.ReadAllText(Beside("ReadmeTests.cs")) + File.ReadAllText(Beside("LuminarysTestClusterTests.cs")) + File.ReadAllText(Beside("ScriptedRuntimeTests.cs")));
        var blocks = Regex.Matches(readme, "```csharp\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(3, blocks.Count);
        Assert.All(blocks, block => Assert.Contains(Squeezed(block), source, StringComparison.Ordinal));
    }

    private static string Squeezed(string text) => Regex.Replace(text, @"\s+", " ").Trim();

    private static string Beside(string file, [CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, file);
}
