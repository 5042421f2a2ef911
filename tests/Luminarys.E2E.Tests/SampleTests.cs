using ModelContextProtocol.Client;

namespace Luminarys.E2E;

/// <summary>Samples run as their first lines say: from the root of the repository.</summary>
[Trait("Kind", "Integration")]
public sealed class SampleTests
{
    [Fact]
    public async Task Clustering_RunLocal_ServesSignedSkillsOfEveryNodeAndEndsWhenAsked()
    {
        var luminarys = Built("Luminarys.Cli", "luminarys.dll");
        var lmsk = Built("Luminarys.Lmsk", "lmsk.dll");
        Assert.SkipUnless(
            (File.Exists(luminarys) && File.Exists(lmsk)) || Environment.GetEnvironmentVariable("CI") == "true", "the tools are not built: dotnet build Luminarys.sln");
        Assert.SkipUnless(
            ChildProcess.Find("nats-server") is not null || Environment.GetEnvironmentVariable("CI") == "true", "nats-server is not installed. On Debian: apt-get install nats-server");
        var folder = Directory.CreateTempSubdirectory("luminarys-clustering-").FullName;
        var address = $"127.0.0.1:{TestCluster.FreePort()}";
        var sample = ChildProcess.Start(
            "bash",
            ["samples/Clustering/run-local", folder],
            Checkout.Root,
            new Dictionary<string, string?>
            {
                ["LUMINARYS"] = luminarys, ["LMSK"] = lmsk, ["HTTP_ADDR"] = address, ["NATS_PORT"] = $"{TestCluster.FreePort()}", ["RELAY_PORT"] = $"{TestCluster.FreePort()}",
            });
        await using (sample)
        {
            var token = Path.Combine(folder, "token");
            await Eventually.HoldsAsync("the sample prints its address", TestCluster.Patience, () => Task.FromResult(sample.Output.Contains(address, StringComparison.Ordinal)), () => sample.Output);
            var options = new HttpClientTransportOptions
            {
                Endpoint = new Uri($"http://{address}/mcp"),
                AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {await File.ReadAllTextAsync(token, TestContext.Current.CancellationToken)}" },
            };
            McpClient? client = null;
            await Eventually.HoldsAsync("the master serves", TestCluster.Patience, async () =>
            {
                client ??= await McpClient.CreateAsync(new HttpClientTransport(options), cancellationToken: TestContext.Current.CancellationToken);
                var tools = await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
                return tools.Any(tool => tool.Name == "echo-skill__echo") && tools.Any(tool => tool.Name == "git-skill__status");
            }, () => Logs(folder));
            await using var connected = client!;

            Assert.Equal("hi", await TestCluster.CallAsync(connected, "echo-skill__echo", new() { ["message"] = "hi" }));
            var project = Directory.CreateDirectory(Path.Combine(folder, "data", "project")).FullName;
            Assert.Contains("epositor", await TestCluster.CallAsync(connected, "git-skill__init", new() { ["workdir"] = project }), StringComparison.Ordinal);
            var (here, there) = (Path.Combine(folder, "data", "here.txt"), Path.Combine(folder, "data", "there.txt"));
            await File.WriteAllTextAsync(here, "carried", TestContext.Current.CancellationToken);
            await TestCluster.CallAsync(connected, "file-transfer__copy", new() { ["source"] = here, ["dest"] = $"slave-1://{there}" });
            Assert.Equal("carried", await File.ReadAllTextAsync(there, TestContext.Current.CancellationToken));
            Assert.DoesNotContain("unverified", Logs(folder), StringComparison.Ordinal);
            Assert.Equal(0, await sample.TerminateAsync(TestCluster.Patience));
        }

        Directory.Delete(folder, recursive: true);
    }

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

    private static string Built(string project, string file) =>
        Path.Combine(Checkout.Root, "src", project, "bin", Checkout.Configuration, "net10.0", file);

    private static string Logs(string folder) => string.Join('\n', Directory.EnumerateFiles(folder, "*.log").Select(file => $"--- {file}\n{File.ReadAllText(file)}"));
}
