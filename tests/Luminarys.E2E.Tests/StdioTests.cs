using System.Diagnostics;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Luminarys.E2E;

/// <summary>A client that starts the node itself and talks to it over standard input and output.</summary>
[Trait("Kind", "Integration")]
public sealed class StdioTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("luminarys-stdio-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData("2025-06-18")]
    public async Task Client_ListsAndCalls(string? version)
    {
        var transport = new StdioClientTransport(new()
        {
            Command = "dotnet",
            Arguments = [Path.Combine(AppContext.BaseDirectory, "luminarys.dll"), "-stdio", "-config", Write()],
            WorkingDirectory = _folder,
        });
        await using var client = await McpClient.CreateAsync(transport, new() { ProtocolVersion = version }, cancellationToken: Cancellation);

        var tool = Assert.Single(await client.ListToolsAsync(cancellationToken: Cancellation), tool => tool.Name == "echo-skill__echo");
        var result = await tool.CallAsync(new Dictionary<string, object?> { ["message"] = "over a pipe" }, cancellationToken: Cancellation);

        Assert.Contains("over a pipe", Assert.IsType<TextContentBlock>(result.Content[0]).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StandardOutput_HoldsNothingButMessages_AndTheEndOfInputEndsTheNode()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "luminarys.dll"), "-stdio", "-config", Write()])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder,
        };
        using var node = Process.Start(start)!;
        var log = node.StandardError.ReadToEndAsync(Cancellation);
        await node.StandardInput.WriteLineAsync(
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""");
        await node.StandardInput.WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        await node.StandardInput.WriteLineAsync("""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo-skill__echo","arguments":{"message":"hello"}}}""");
        await node.StandardInput.FlushAsync(Cancellation);
        List<JsonElement> messages = [];
        while (messages.All(message => !message.TryGetProperty("id", out var id) || id.GetInt32() != 2))
        {
            var line = await node.StandardOutput.ReadLineAsync(Cancellation).AsTask().WaitAsync(s_limit, Cancellation);
            Assert.True(line is not null, "the node closed its output");
            messages.Add(JsonDocument.Parse(line).RootElement);
        }

        node.StandardInput.Close();
        var rest = await node.StandardOutput.ReadToEndAsync(Cancellation).WaitAsync(s_limit, Cancellation);
        await node.WaitForExitAsync(Cancellation).WaitAsync(s_limit, Cancellation);

        Assert.All(messages, message => Assert.Equal("2.0", message.GetProperty("jsonrpc").GetString()));
        Assert.All(rest.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => JsonDocument.Parse(line));
        Assert.Equal(0, node.ExitCode);
        Assert.Contains("Luminarys", await log, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^\d{4}-\d\d-\d\dT\S+Z info  Luminarys\.\S+\[\d+\] ", await File.ReadAllTextAsync(Path.Combine(_folder, "node.log"), Cancellation));
    }

    private string Write()
    {
        File.WriteAllText(Path.Combine(_folder, "echo.yaml"), $"id: echo-skill\npath: {TestCluster.EchoModule}\npermissions: {{}}\n");
        File.WriteAllText(Path.Combine(_folder, "host.yaml"), "skills: [echo.yaml]\nlog: { level: debug, stderr: true, file: node.log }\n");
        return Path.Combine(_folder, "host.yaml");
    }
}
