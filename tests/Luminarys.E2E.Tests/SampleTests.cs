using ModelContextProtocol.Client;

namespace Luminarys.E2E;

/// <summary>Samples run as their first lines say: from the root of the repository.</summary>
[Trait("Kind", "Integration")]
public sealed class SampleTests
{
    [Fact]
    public async Task EmbeddedMaster_FromTheRoot_ServesItsPageAndTheEchoSkill()
    {
        var root = Checkout.Root;
        var program = Path.Combine(root, "samples", "EmbeddedMaster", "bin", Checkout.Configuration, "net10.0", "EmbeddedMaster.dll");
        Assert.SkipUnless(File.Exists(program) || Environment.GetEnvironmentVariable("CI") == "true", "the sample is not built: dotnet build Luminarys.sln");
        var url = new Uri($"http://127.0.0.1:{TestCluster.FreePort()}");
        await using var sample = ChildProcess.Start("dotnet", [program, "--urls", url.ToString()], root);
        using var http = new HttpClient { BaseAddress = url };
        await Eventually.HoldsAsync("the sample answers", TestCluster.Patience,
            async () => (await http.GetStringAsync("/")).Contains("skills", StringComparison.Ordinal), () => sample.Output);

        await using var client = await McpClient.CreateAsync(
            new HttpClientTransport(new() { Endpoint = new Uri(url, "mcp") }), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("hi", await TestCluster.CallAsync(client, "echo-skill__echo", new() { ["message"] = "hi" }));
    }
}
