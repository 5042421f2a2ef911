using System.Diagnostics;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace MasterAndSlaves;

/// <summary>Connects as an MCP client, lists the skills with their nodes, and calls one on the master and one on a slave.</summary>
internal sealed class SelfCheck(DemoFiles files)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);
    private static readonly string[] s_expected = ["echo-skill__echo", "fs-skill__read", "git-skill__status", "go-toolchain__build"];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_patience);
        try
        {
            await using var client = await ConnectAsync(limit.Token);
            var tools = await ListAsync(client, limit.Token);
            Console.WriteLine($"\n{tools.Count} tools at {files.Endpoint}:");
            foreach (var skill in tools.GroupBy(tool => (Skill: tool.Name[..tool.Name.IndexOf("__", StringComparison.Ordinal)], Node: NodeOf(tool))))
            {
                Console.WriteLine($"  {skill.Key.Skill,-14} {skill.Count(),2} methods on {skill.Key.Node}");
            }

            Console.WriteLine();
            for (var round = 0; round < 2; round++)
            {
                await CallAsync(client, "echo-skill__echo", new() { ["message"] = "hello, master" }, "hello, master", limit.Token);
            }

            if (ChildProcess.Find("git") is null)
            {
                Console.WriteLine("  git is not on this machine: the skill on the slave is called without it");
                await CallAsync(client, "go-toolchain__ps", new() { ["grep"] = "dotnet" }, "dotnet", limit.Token);
                return;
            }

            var repository = new Dictionary<string, object?> { ["workdir"] = Directory.CreateDirectory(Path.Combine(files.Data, "project")).FullName };
            await CallAsync(client, "git-skill__init", repository, "epositor", limit.Token);
            await CallAsync(client, "git-skill__status", repository, "branch", limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DemoException($"the cluster was not complete after {s_patience.TotalSeconds} s.");
        }
    }

    private async Task<McpClient> ConnectAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var transport = new HttpClientTransport(new HttpClientTransportOptions
                {
                    Endpoint = files.Endpoint,
                    AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {files.Token}" },
                });
                return await McpClient.CreateAsync(transport, cancellationToken: cancellationToken);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100, cancellationToken);
            }
        }
    }

    /// <summary>Lists the tools once every skill is there.</summary>
    private static async Task<IList<McpClientTool>> ListAsync(McpClient client, CancellationToken cancellationToken)
    {
        while (true)
        {
            var tools = await client.ListToolsAsync(cancellationToken: cancellationToken);
            if (s_expected.All(expected => tools.Any(tool => tool.Name == expected)))
            {
                return tools;
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    private static async Task CallAsync(
        McpClient client, string tool, Dictionary<string, object?> arguments, string expected, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await client.CallToolAsync(tool, arguments, cancellationToken: cancellationToken);
        var time = Stopwatch.GetElapsedTime(start);
        var text = string.Join(' ', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
        if (result.IsError == true || !text.Contains(expected, StringComparison.Ordinal))
        {
            throw new DemoException($"{tool} answered: {text}");
        }

        Console.WriteLine($"  {tool,-18} on {NodeOf(result),-8} in {time.TotalMilliseconds,6:F1} ms: {text.Split('\n')[0]}");
    }

    private static string NodeOf(McpClientTool tool) => tool.ProtocolTool.Meta?["luminarys/node"]?.ToString() ?? "?";

    private static string NodeOf(CallToolResult result) => result.Meta?["luminarys/node"]?.ToString() ?? "?";
}
