using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Luminarys.E2E;

/// <summary>Files that go to a real skill and come from it, with nothing but curl.</summary>
[Trait("Kind", "Integration")]
public sealed class FilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("luminarys-files-").FullName;
    private readonly int _port = TestCluster.FreePort();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Curl_UploadsAFile_CallsWithItsHandle_AndReadsALargeResultBack()
    {
        Assert.SkipWhen(ChildProcess.Find("curl") is null, "curl is not installed");
        var text = string.Concat(Enumerable.Range(0, 30_000).Select(line => $"line {line}\n"));
        var file = Path.Combine(_folder, "notes.txt");
        await File.WriteAllTextAsync(file, text, Cancellation);
        var state = Directory.CreateDirectory(Path.Combine(_folder, "state")).FullName;
        await using var node = ChildProcess.Start(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "luminarys.dll"), "-config", Write()], _folder, new Dictionary<string, string?> { ["TMPDIR"] = state });
        await Eventually.HoldsAsync("the node is ready", TestCluster.Patience, async () => await CurlAsync($"http://127.0.0.1:{_port}/health/ready") is { Length: > 0 }, () => node.Output);

        var uploaded = JsonElement.Parse(await CurlAsync("--data-binary", $"@{file}", $"http://127.0.0.1:{_port}/files?name=notes.txt"));
        var handle = uploaded.GetProperty("handle").GetString();
        var counted = await ToolAsync("fs-skill__count_lines", $$$"""{"path":{"$file":"{{{handle}}}"}}""");
        var read = await ToolAsync("fs-skill__read", $$$"""{"path":{"$file":"{{{handle}}}"}}""");
        var denied = await ToolAsync("fs-skill__read", $$"""{"path":"{{file}}"}""");

        Assert.Contains("30000", counted[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("permission denied", denied[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal("resource_link", read[1].GetProperty("type").GetString());
        Assert.Contains("line 0\nline 1\n", read[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        var meta = read[1].GetProperty("_meta");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), meta.GetProperty("luminarys/sha256").GetString());
        Assert.Equal(text, await CurlAsync($"http://127.0.0.1:{_port}{meta.GetProperty("luminarys/path").GetString()}"));
        Assert.Equal("fs-skill", Path.GetFileName(Assert.Single(Directory.GetDirectories(Assert.Single(Directory.GetDirectories(state, "inbox", SearchOption.AllDirectories)), "*", SearchOption.AllDirectories))));
        Assert.Equal(0, await node.TerminateAsync(TestCluster.Patience));
        Assert.Empty(Directory.GetDirectories(Assert.Single(Directory.GetDirectories(state, "files", SearchOption.AllDirectories))));
    }

    private async Task<JsonElement[]> ToolAsync(string tool, string arguments)
    {
        var body = $$$$"""
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{{tool}}}}","arguments":{{{{arguments}}}},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",
            "io.modelcontextprotocol/clientInfo":{"name":"curl","version":"8"},"io.modelcontextprotocol/clientCapabilities":{} } } }
            """;
        var answer = await CurlAsync(
            "-H", "Content-Type: application/json", "-H", "Accept: application/json, text/event-stream", "-H", "MCP-Protocol-Version: 2026-07-28", "-H", "Mcp-Method: tools/call",
            "-H", $"Mcp-Name: {tool}", "-d", body, $"http://127.0.0.1:{_port}/mcp");
        var data = answer.Split('\n').FirstOrDefault(line => line.StartsWith("data: ", StringComparison.Ordinal))?["data: ".Length..] ?? answer;
        return [.. JsonElement.Parse(data).GetProperty("result").GetProperty("content").EnumerateArray()];
    }

    private static async Task<string> CurlAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("curl", ["-s", "--max-time", "30", "-H", "Authorization: Bearer secret", .. arguments]) { RedirectStandardOutput = true };
        using var curl = Process.Start(start)!;
        var answer = await curl.StandardOutput.ReadToEndAsync(Cancellation);
        await curl.WaitForExitAsync(Cancellation);
        return answer;
    }

    private string Write()
    {
        File.WriteAllText(Path.Combine(_folder, "fs.yaml"), $$"""
            id: fs-skill
            path: {{Path.Combine(Checkout.Root, "samples", "skills", "fs", "fs.wasm")}}
            permissions: { fs: { enabled: true, dirs: ["{{Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName}}:rw"] } }
            """);
        var path = Path.Combine(_folder, "host.yaml");
        File.WriteAllText(path, $$"""
            http: { addr: "127.0.0.1:{{_port}}", auth: { tokens: [secret] } }
            mcp: { max_result_bytes: 65536 }
            skills: [fs.yaml]
            """);
        return path;
    }
}
