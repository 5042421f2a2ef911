using System.Globalization;
using System.Text;
using System.Text.Json;
using Luminarys.Skills;

namespace Luminarys.Mcp.Http;

/// <summary>
/// Broken and mutated JSON-RPC bodies for LUMINARYS_FUZZ_SECONDS, 1 without it: none is answered with a server error, every error has a code of
/// JSON-RPC, and the server works afterwards. A failure prints its seed and body.
/// </summary>
public sealed class BodyFuzzTests
{
    private const string Headers = $"Host: 127.0.0.1|Content-Type: application/json|Accept: application/json, text/event-stream|{RawHttp.CallHeaders}";

    private static readonly string[] s_pieces =
        ["null", "[]", "{}", "\"\\ud800\"", "1e999", "-0", "18446744073709551616", "\"id\":", "\"method\":\"tools/call\"", ",", "\\", "\u0000", "[[[[[[[[", "]", "}", "\"", "\uFEFF"];

    [Theory]
    [InlineData("", -32700)]
    [InlineData("{", -32700)]
    [InlineData("nonsense", -32700)]
    [InlineData("{} {}", -32700)]
    [InlineData("[1,]", -32700)]
    [InlineData("/* */ {}", -32700)]
    [InlineData("null", -32600)]
    [InlineData("7", -32600)]
    [InlineData("{}", -32600)]
    [InlineData("[]", -32600)]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"tools/list"}""", -32600)]
    public async Task Body_ThatIsNoMessage_IsAnErrorAndNoWork(string body, int code)
    {
        await using var edge = await StartAsync();

        var (status, answer) = await RawHttp.SendAsync(edge.Http.BaseAddress!, "POST", Headers, Encoding.UTF8.GetBytes(body));

        Assert.Equal(400, status);
        Assert.Equal(code, CodeOf(answer));
        Assert.Empty(edge.Invoker.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_AlmostAsLargeAsTheLimit_ReachesTheTool(bool isChunked)
    {
        await using var edge = await EdgeFixture.StartAsync([TestSkills.Skill("echo", TestSkills.Method("ping", TestSkills.Parameter("text")))]);
        await using var client = await edge.ConnectAsync("2025-11-25");
        var text = new string('x', (4 * 1024 * 1024) - 1024);
        using var request = RawMcp.Request(
            HttpMethod.Post, $$$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo__ping","arguments":{"text":"{{{{text}}}}"}}}""");
        request.Headers.Add("Mcp-Session-Id", client.SessionId);
        request.Headers.TransferEncodingChunked = isChunked;

        using var response = await edge.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.True(response.IsSuccessStatusCode);
        Assert.True(Assert.Single(edge.Invoker.Calls).Payload.Length > text.Length);
    }

    [Fact]
    public async Task Body_Mutated_NeverBreaksTheServer()
    {
        var seconds = double.Parse(Environment.GetEnvironmentVariable("LUMINARYS_FUZZ_SECONDS") ?? "1", CultureInfo.InvariantCulture);
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        await using var edge = await StartAsync();
        var end = TimeProvider.System.GetTimestamp() + (long)(seconds * TimeProvider.System.TimestampFrequency);
        do
        {
            var body = Mutate(random, Encoding.UTF8.GetBytes(RawHttp.Call));
            var (status, answer) = await RawHttp.SendAsync(edge.Http.BaseAddress!, "POST", Headers, body);
            var code = CodeOf(answer);
            Assert.True(
                status < 500 && code is null or (>= -32768 and <= -32000 and not -32603),
                $"seed {seed}: status {status}, code {code}, body {Convert.ToBase64String(body)}\n{answer}");
        }
        while (TimeProvider.System.GetTimestamp() < end);

        var calls = edge.Invoker.Calls.Count;
        Assert.Equal(200, (await RawHttp.SendAsync(edge.Http.BaseAddress!, "POST", Headers, Encoding.UTF8.GetBytes(RawHttp.Call))).Status);
        Assert.Equal(calls + 1, edge.Invoker.Calls.Count);
    }

    /// <summary>Bodies of every kind that is wrong in its own way: each gets the code of JSON-RPC for its fault, over a session and without one.</summary>
    [Fact]
    public async Task Body_Generated_GetsTheCodeOfItsFault()
    {
        const int Bodies = 2000;
        var seed = Random.Shared.Next();
        var bodies = new GeneratedBodies(seed);
        await using var edge = await StartAsync();
        await using var client = await edge.ConnectAsync("2025-11-25");
        var kinds = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Bodies; i++)
        {
            var body = bodies.Next(isModern: i % 2 == 0);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new ByteArrayContent(body.Bytes) };
            request.Headers.Accept.ParseAdd("application/json");
            request.Headers.Accept.ParseAdd("text/event-stream");
            request.Content.Headers.ContentType = new("application/json");
            foreach (var (name, value) in i % 2 == 0 ? body.Headers : [("MCP-Protocol-Version", "2025-11-25"), ("Mcp-Session-Id", client.SessionId!)])
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var response = await edge.Http.SendAsync(request, TestContext.Current.CancellationToken);

            var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var code = CodeOf(answer);
            Assert.True(
                (int)response.StatusCode < 500 && body.Codes.Contains(code),
                $"seed {seed}, body {i}, {body.Kind}: status {(int)response.StatusCode}, code {code}, body {Encoding.UTF8.GetString(body.Bytes)[..Math.Min(300, body.Bytes.Length)]}\n{answer}");
            kinds[body.Kind] = kinds.GetValueOrDefault(body.Kind) + 1;
        }

        Assert.Equal(GeneratedBodies.Kinds, kinds.Count);
        Assert.Single(await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(200, (await RawHttp.SendAsync(edge.Http.BaseAddress!, "POST", Headers, Encoding.UTF8.GetBytes(RawHttp.Call))).Status);
    }

    [Theory]
    [InlineData("echo__inner")]
    [InlineData("echo/inner")]
    [InlineData("echo__on_event")]
    [InlineData("echo/on_event")]
    [InlineData("ECHO__INNER")]
    [InlineData("echo__inner ")]
    [InlineData("echo/../echo/inner")]
    [InlineData("sealed__ping")]
    [InlineData("sealed/ping")]
    public async Task M_3_MethodThatClientsDoNotSee_OverHttp_CannotBeCalled(string name)
    {
        await using var edge = await StartAsync();
        var body = RawHttp.Call.Replace("echo__ping", name, StringComparison.Ordinal);

        var (_, answer) = await RawHttp.SendAsync(
            edge.Http.BaseAddress!, "POST", Headers.Replace("echo__ping", name, StringComparison.Ordinal), Encoding.UTF8.GetBytes(body));

        Assert.NotNull(CodeOf(answer));
        Assert.Empty(edge.Invoker.Calls);
    }

    [Fact]
    public async Task Body_ThatIsNotUnicode_IsAParseError()
    {
        await using var edge = await StartAsync();
        var body = Encoding.Latin1.GetBytes(RawHttp.Call.Replace("modelcontext", "mod\u00b6elcontext", StringComparison.Ordinal));

        var (status, answer) = await RawHttp.SendAsync(edge.Http.BaseAddress!, "POST", Headers, body);

        Assert.Equal(400, status);
        Assert.Equal(-32700, CodeOf(answer));
        Assert.Empty(edge.Invoker.Calls);
    }

    [Fact]
    public async Task Body_WithANameTwice_HasInvalidParameters()
    {
        await using var edge = await StartAsync();
        var body = RawHttp.Call.Replace("\"_meta\":", "\"_meta\":{},\"_meta\":", StringComparison.Ordinal);

        var (status, answer) = await RawHttp.SendAsync(edge.Http.BaseAddress!, "POST", Headers, Encoding.UTF8.GetBytes(body));

        Assert.Equal(400, status);
        Assert.Equal(-32602, CodeOf(answer));
        Assert.Empty(edge.Invoker.Calls);
    }

    private static byte[] Mutate(Random random, byte[] body)
    {
        var bytes = body.ToList();
        for (var change = random.Next(1, 6); change > 0 && bytes.Count > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, random.Next(1, Math.Min(16, bytes.Count - at) + 1));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(s_pieces[random.Next(s_pieces.Length)]));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, random.Next(1, Math.Min(64, bytes.Count - at) + 1)));
                    break;
            }
        }

        return [.. bytes];
    }

    // Null when the answer is no error: a result, or nothing at all for a notification.
    private static int? CodeOf(string answer)
    {
        var start = answer.IndexOf("{\"", StringComparison.Ordinal);
        var end = answer.LastIndexOf('}');
        return start < 0 || !JsonElement.Parse(answer[start..(end + 1)]).TryGetProperty("error", out var error) ? null : error.GetProperty("code").GetInt32();
    }

    private static Task<EdgeFixture> StartAsync() => EdgeFixture.StartAsync(
    [
        TestSkills.Skill(
            "echo",
            TestSkills.Method("ping"),
            new SkillMethod("inner", "", [], IsHidden: true),
            new SkillMethod("on_event", "", [], IsCallback: true)),
        TestSkills.Skill("sealed", new Manifests.McpMapping(Manifests.McpMapping.Default.Kind, ["ping"], null), TestSkills.Method("ping")),
    ]);
}
