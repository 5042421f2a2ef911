using System.Diagnostics;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace MasterAndSlaves;

/// <summary>Connects as an MCP client, lists the tools and calls a local and a remote one.</summary>
internal static class SelfCheck
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_patience);
        try
        {
            await using var client = await ConnectAsync(endpoint, limit.Token);
            var tools = await ListAsync(client, limit.Token);
            Console.WriteLine($"\n{tools.Count} tools at {endpoint}:");
            foreach (var tool in tools)
            {
                Console.WriteLine($"  {tool.Name,-28} {NodeOf(tool)}");
            }

            Console.WriteLine();
            await CallAsync(client, "master", limit.Token);
            await CallAsync(client, "slave-1", limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DemoException($"the cluster was not complete after {s_patience.TotalSeconds} s.");
        }
    }

    private static async Task<McpClient> ConnectAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = endpoint });
                return await McpClient.CreateAsync(transport, cancellationToken: cancellationToken);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100, cancellationToken);
            }
        }
    }

    /// <summary>Lists the tools once every node's skill is there.</summary>
    private static async Task<IList<McpClientTool>> ListAsync(McpClient client, CancellationToken cancellationToken)
    {
        while (true)
        {
            var tools = await client.ListToolsAsync(cancellationToken: cancellationToken);
            if (DemoFiles.SkillOfNode.Values.All(skill => tools.Any(tool => tool.Name == $"{skill}__echo")))
            {
                return tools;
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    private static async Task CallAsync(McpClient client, string node, CancellationToken cancellationToken)
    {
        var tool = $"{DemoFiles.SkillOfNode[node]}__echo";
        var arguments = new Dictionary<string, object?> { ["message"] = $"hello, {node}" };
        for (var round = 0; round < 2; round++)
        {
            var start = Stopwatch.GetTimestamp();
            var result = await client.CallToolAsync(tool, arguments, cancellationToken: cancellationToken);
            var time = Stopwatch.GetElapsedTime(start);
            var text = string.Join(' ', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
            if (result.IsError == true || !text.Contains($"hello, {node}", StringComparison.Ordinal))
            {
                throw new DemoException($"{tool} answered: {text}");
            }

            var place = node == "master" ? "local " : "remote";
            Console.WriteLine($"  {place} {(round == 0 ? "first" : "again")}  {tool} -> \"{text}\" from {NodeOf(result)} in {time.TotalMilliseconds:F1} ms");
        }
    }

    private static string NodeOf(McpClientTool tool) => tool.ProtocolTool.Meta?["luminarys/node"]?.ToString() ?? "?";

    private static string NodeOf(CallToolResult result) => result.Meta?["luminarys/node"]?.ToString() ?? "?";
}
