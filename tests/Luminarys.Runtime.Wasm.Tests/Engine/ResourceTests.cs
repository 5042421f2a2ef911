using Luminarys.Invocations;

namespace Luminarys.Runtime.Wasm.Tests.Engine;

/// <summary>Counts what the process holds, so that nothing else may run meanwhile.</summary>
[Collection(nameof(ResourceTests))]
[CollectionDefinition(nameof(ResourceTests), DisableParallelization = true)]
public sealed class ResourceTests
{
    [Fact]
    public async Task DisposeAsync_AfterUse_LeavesNoThreadAndNoHandle()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        await UseAsync();
        var handles = Directory.GetFiles("/proc/self/fd").Length;
        var busy = 0;

        for (var i = 0; i < 5; i++)
        {
            busy = Math.Max(busy, await UseAsync());
        }

        await NoneLeftAsync();
        Assert.True(busy >= 4, $"Only {busy} threads were seen at work.");
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, handles + 3);
    }

    // Answers how many threads of the runtime there were.
    private static async Task<int> UseAsync()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo", options => options.MaxInstances = 3);
        using var caller = new CancellationTokenSource();
        var running = Enumerable.Range(0, 3).Select(_ => harness.Runtime.InvokeAsync(harness.Call("sleep"), caller.Token).AsTask()).ToArray();
        var threads = OwnThreads().Length;
        await caller.CancelAsync();
        Assert.All(await Task.WhenAll(running), result => Assert.Equal(InvocationError.Cancelled, result.Error));
        return threads;
    }

    // The engine's own compiler threads live as long as the process and inherit the name of the thread that first compiled.
    private static string[] OwnThreads() =>
    [
        .. Directory.GetDirectories("/proc/self/task").Select(ReadName)
            .Where(name => name.StartsWith("luminarys", StringComparison.Ordinal) && !"luminarys-compile".StartsWith(name, StringComparison.Ordinal)),
    ];

    private static string ReadName(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task NoneLeftAsync()
    {
        for (var left = 200; left > 0 && OwnThreads().Length > 0; left--)
        {
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }

        Assert.Empty(OwnThreads());
    }
}
