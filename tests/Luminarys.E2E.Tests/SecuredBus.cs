using System.Text.RegularExpressions;

namespace Luminarys.E2E;

/// <summary>A bus as the guide “Secure the bus” makes it: its commands are run word for word, on a free port.</summary>
internal sealed partial class SecuredBus : IAsyncDisposable
{
    private const string GuidePort = "4222";
    private readonly List<ChildProcess> _processes = [];

    private SecuredBus(string folder, int port, string guide) => (Folder, Port, Guide) = (folder, port, guide);

    public string Folder { get; }

    public int Port { get; }

    /// <summary>The guide's text.</summary>
    public string Guide { get; }

    /// <summary>What the server wrote.</summary>
    public string ServerLog => _processes[0].Output;

    public string Logs => string.Join("\n----\n", _processes.Select(process => process.Output));

    public static async Task<SecuredBus> StartAsync()
    {
        var server = ChildProcess.Find("nats-server");
        if (server is null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "nats-server is not installed: apt-get install nats-server");
            Assert.Fail("nats-server is not installed");
        }

        var guide = await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "docs", "guides", "secure-the-bus.md"));
        var bus = new SecuredBus(Directory.CreateTempSubdirectory("luminarys-l1-").FullName, TestCluster.FreePort(), guide);
        await bus.RunGuideAsync(server);
        bus._processes.Add(ChildProcess.Start(server, ["-c", Path.Combine(bus.Folder, "bus", "nats-server.conf")], bus.Folder));
        await Eventually.HoldsAsync("the server listens", TimeSpan.FromSeconds(20), () => Task.FromResult(bus.ServerLog.Contains("Server is ready", StringComparison.Ordinal)), () => bus.ServerLog);
        return bus;
    }

    public async Task<RawNats> ConnectAsync(string user)
    {
        var password = (await File.ReadAllLinesAsync(Path.Combine(Folder, "bus", $"{user}.env")))[1].Split('=', 2)[1];
        return await RawNats.ConnectAsync(Port, user, password);
    }

    /// <summary>Starts a node with the configuration of the guide and what a test needs besides.</summary>
    public ChildProcess StartNode(string node, string more)
    {
        var process = ChildProcess.StartLuminarys(Path.GetDirectoryName(WriteConfiguration(node, more))!, "-config", "host.yaml");
        _processes.Add(process);
        return process;
    }

    /// <summary>Writes the configuration of the guide for somebody who has a folder there.</summary>
    public string WriteConfiguration(string node, string more)
    {
        var folder = Path.Combine(Folder, "nodes", node);
        var yaml = YamlBlock().Match(Guide).Groups[1].Value
            .Replace("nats://bus.example:4222", $"nats://127.0.0.1:{Port}", StringComparison.Ordinal)
            .Replace("node_id: slave-1", $"node_id: {node}", StringComparison.Ordinal)
            .Replace("role: slave", node == "master" ? "role: master" : "role: slave", StringComparison.Ordinal);
        var file = Path.Combine(folder, "host.yaml");
        File.WriteAllText(file, $"{yaml}{more}\n");
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            await process.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private async Task RunGuideAsync(string server)
    {
        var commands = string.Join('\n', ShellBlock().Matches(Guide).Select(block => block.Groups[1].Value)).Replace(GuidePort, $"{Port}", StringComparison.Ordinal);
        var script = Path.Combine(Folder, "guide.sh");
        await File.WriteAllTextAsync(script, $"""
            set -eu
            luminarys() {"{"} dotnet "{Path.Combine(AppContext.BaseDirectory, "luminarys.dll")}" "$@"; {"}"}
            nats-server() {"{"} "{server}" "$@"; {"}"}
            {commands}
            """);
        await using var run = ChildProcess.Start("/bin/bash", [script], Folder);
        Assert.True(await run.WaitForExitAsync(TimeSpan.FromSeconds(60)) == 0, run.Output);
    }

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("^```yaml\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex YamlBlock();
}
