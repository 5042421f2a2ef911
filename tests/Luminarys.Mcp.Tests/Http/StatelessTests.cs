using System.Net;
using System.Text.Json;
using Luminarys.Skills;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace Luminarys.Mcp.Http;

/// <summary>What protocol 2026-07-28 asks of a server, request by request, as the wire has it.</summary>
public sealed class StatelessTests
{
    private const string Version = "2026-07-28";
    private const string ClientMeta = """
        "io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_SaysHowLongAndForWhomItMayBeKept()
    {
        await using var edge = await StartAsync();

        var (_, answer) = await SendAsync(edge, "tools/list", "");

        var result = answer.GetProperty("result");
        Assert.True(result.GetProperty("ttlMs").GetInt64() > 0);
        Assert.Matches("^(public|private)$", result.GetProperty("cacheScope").GetString());
    }

    [Theory]
    [InlineData("no method header", "tools/call", null, "echo__ping", Version, Version, -32020)]
    [InlineData("another method", "tools/call", "tools/list", "echo__ping", Version, Version, -32020)]
    [InlineData("no name header", "tools/call", "tools/call", null, Version, Version, -32020)]
    [InlineData("another name", "tools/call", "tools/call", "echo__other", Version, Version, -32020)]
    [InlineData("no version header: a request of an earlier protocol, without its session", "tools/call", "tools/call", "echo__ping", null, Version, -32000)]
    [InlineData("an earlier version in the header: the same", "tools/call", "tools/call", "echo__ping", "2025-11-25", Version, -32000)]
    [InlineData("no version in _meta", "tools/call", "tools/call", "echo__ping", Version, null, -32602)]
    [InlineData("an unknown version", "tools/call", "tools/call", "echo__ping", "2099-01-01", "2099-01-01", -32022)]
    [InlineData("an unknown method", "tools/none", "tools/none", null, Version, Version, -32601)]
    public async Task Request_ThatDisagreesWithItsHeaders_IsRefused(
        string what, string method, string? methodHeader, string? name, string? versionHeader, string? version, int code)
    {
        await using var edge = await StartAsync();

        using var request = Request(method, "\"name\":\"echo__ping\",", version);
        Set(request, "Mcp-Method", methodHeader);
        Set(request, "Mcp-Name", name);
        Set(request, "MCP-Protocol-Version", versionHeader);
        using var response = await edge.Http.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.True(text.Contains($"\"code\":{code}", StringComparison.Ordinal), $"{what}: {(int)response.StatusCode} {text}");
        Assert.Equal(code == -32601 ? HttpStatusCode.NotFound : HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(edge.Invoker.Calls);
        if (code == -32022)
        {
            Assert.Contains(Version, (await RawMcp.ReadAsync(response)).GetProperty("error").GetProperty("data").GetProperty("supported").ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Listen_HostStops_EndsWithAnAnswer()
    {
        await using var edge = await StartAsync();
        using var request = Listen("\"promptsListChanged\":true");
        using var response = await edge.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        var acknowledged = await NextAsync(reader);

        var stopped = edge.StopAsync();
        var last = await NextAsync(reader);
        await stopped.WaitAsync(s_patience, Cancellation);

        Assert.Empty(acknowledged.GetProperty("params").GetProperty("notifications").EnumerateObject());
        Assert.Equal(9, last.GetProperty("id").GetInt32());
        Assert.Equal(9, last.GetProperty("result").GetProperty("_meta").GetProperty("io.modelcontextprotocol/subscriptionId").GetInt32());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task List_WrittenOnce_IsWhatTheSdkPutsTogether(bool hasSession)
    {
        var judged = 0;
        Skill[] skills = [TestSkills.Skill("echo", TestSkills.Method("ping", TestSkills.Parameter("p", required: true)), TestSkills.Method("pong"))];
        await using var ours = await EdgeFixture.StartAsync(skills);
        await using var sdks = await EdgeFixture.StartAsync(skills, addServices: services => services.AddMcpServer().WithRequestFilters(filters =>
            filters.AddListToolsFilter(next => async (request, cancellationToken) =>
            {
                judged++;
                return await next(request, cancellationToken);
            })));

        var (own, other) = (await ListAsync(ours, hasSession), await ListAsync(sdks, hasSession));
        var again = await ListAsync(ours, hasSession);

        Assert.Equal(other, own);
        Assert.Equal(own, again);
        Assert.Contains("echo__pong", own, StringComparison.Ordinal);
        Assert.Equal(1, judged);
    }

    [Fact]
    public async Task List_ToolAddedByTheApplicationLater_IsListed()
    {
        McpServerOptions? options = null;
        await using var edge = await EdgeFixture.StartAsync(
            [TestSkills.Skill("echo", TestSkills.Method("ping"))], map: application => options = application.Services.GetRequiredService<IOptions<McpServerOptions>>().Value);
        var before = await ListAsync(edge, hasSession: false);

        options!.ToolCollection!.Add(McpServerTool.Create(() => "mine", new McpServerToolCreateOptions { Name = "own" }));
        var after = await ListAsync(edge, hasSession: false);

        Assert.DoesNotContain("\"own\"", before, StringComparison.Ordinal);
        Assert.Contains("\"own\"", after, StringComparison.Ordinal);
        Assert.Contains("echo__ping", after, StringComparison.Ordinal);
    }

    // Either as a client of this protocol asks, or as one of an earlier protocol in its session.
    private static async Task<string> ListAsync(EdgeFixture edge, bool hasSession)
    {
        if (!hasSession)
        {
            return (await SendAsync(edge, "tools/list", "")).Answer.GetRawText();
        }

        using var initialize = RawMcp.Request(
            HttpMethod.Post,
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""");
        using var opened = await edge.Http.SendAsync(initialize, Cancellation);
        using var request = RawMcp.Request(HttpMethod.Post, """{"jsonrpc":"2.0","id":2,"method":"tools/list"}""");
        Set(request, "Mcp-Session-Id", opened.Headers.GetValues("Mcp-Session-Id").Single());
        Set(request, "MCP-Protocol-Version", "2025-06-18");
        using var response = await edge.Http.SendAsync(request, Cancellation);
        return (await RawMcp.ReadAsync(response)).GetRawText();
    }

    private static HttpRequestMessage Listen(string notifications)
    {
        var request = Request("subscriptions/listen", "\"notifications\":{" + notifications + "},", Version);
        Set(request, "Mcp-Method", "subscriptions/listen");
        Set(request, "MCP-Protocol-Version", Version);
        return request;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(EdgeFixture edge, string method, string parameters)
    {
        using var request = Request(method, parameters, Version);
        Set(request, "Mcp-Method", method);
        Set(request, "MCP-Protocol-Version", Version);
        using var response = await edge.Http.SendAsync(request, Cancellation);
        return (response.StatusCode, await RawMcp.ReadAsync(response));
    }

    private static HttpRequestMessage Request(string method, string parameters, string? version)
    {
        var meta = version is null ? "" : $"\"io.modelcontextprotocol/protocolVersion\":\"{version}\",";
        return RawMcp.Request(
            HttpMethod.Post,
            "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"" + method + "\",\"params\":{" + parameters + "\"_meta\":{" + meta + ClientMeta + "}}}");
    }

    private static void Set(HttpRequestMessage request, string header, string? value)
    {
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }
    }

    private static async Task<JsonElement> NextAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(Cancellation).AsTask().WaitAsync(s_patience, Cancellation) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return JsonElement.Parse(line["data: ".Length..]);
            }
        }

        throw new EndOfStreamException("the stream ended");
    }

    private static Task<EdgeFixture> StartAsync() => EdgeFixture.StartAsync([TestSkills.Skill("echo", TestSkills.Method("ping"))]);
}
