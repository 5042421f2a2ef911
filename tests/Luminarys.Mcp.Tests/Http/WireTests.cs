using System.Net;
using System.Text.Json;

namespace Luminarys.Mcp.Http;

/// <summary>Both generations of the protocol by hand, without an SDK.</summary>
public sealed class WireTests
{
    private const string Meta = """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Protocol20260728_EachRequest_StandsAlone()
    {
        await using var edge = await StartAsync();

        using var list = Newest("tools/list", null, "{" + Meta + "}");
        using var listed = await edge.Http.SendAsync(list, Cancellation);
        var tools = (await RawMcp.ReadAsync(listed)).GetProperty("result").GetProperty("tools");
        using var call = Newest("tools/call", "echo__ping", """{"name":"echo__ping","arguments":{},""" + Meta + "}");
        using var called = await edge.Http.SendAsync(call, Cancellation);
        var result = (await RawMcp.ReadAsync(called)).GetProperty("result");

        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
        Assert.False(listed.Headers.Contains("Mcp-Session-Id"));
        Assert.Equal("echo__ping", tools[0].GetProperty("name").GetString());
        Assert.Equal("pong", result.GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Protocol20260728_UnknownTool_IsInvalidParams()
    {
        await using var edge = await StartAsync();

        using var call = Newest("tools/call", "echo__none", """{"name":"echo__none",""" + Meta + "}");
        using var called = await edge.Http.SendAsync(call, Cancellation);
        var error = (await RawMcp.ReadAsync(called)).GetProperty("error");

        Assert.Equal(-32602, error.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Initialize_OlderClient_GetsASessionAndListChanged()
    {
        await using var edge = await StartAsync();

        using var initialize = RawMcp.Request(HttpMethod.Post, """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-03-26","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}
            """);
        using var initialized = await edge.Http.SendAsync(initialize, Cancellation);
        var answer = (await RawMcp.ReadAsync(initialized)).GetProperty("result");
        using var call = RawMcp.Request(HttpMethod.Post, """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo/ping"}}""");
        call.Headers.Add("Mcp-Session-Id", initialized.Headers.GetValues("Mcp-Session-Id"));
        using var called = await edge.Http.SendAsync(call, Cancellation);
        var result = (await RawMcp.ReadAsync(called)).GetProperty("result");

        Assert.Equal("2025-03-26", answer.GetProperty("protocolVersion").GetString());
        Assert.True(answer.GetProperty("capabilities").GetProperty("tools").GetProperty("listChanged").GetBoolean());
        Assert.Equal("luminarys", answer.GetProperty("serverInfo").GetProperty("name").GetString());
        Assert.Equal("pong", result.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal(initialized.Headers.GetValues("Mcp-Session-Id").Single(), Assert.Single(edge.Invoker.Calls).SessionId);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"params\":null")]
    [InlineData(",\"params\":[]")]
    [InlineData(",\"params\":{}")]
    [InlineData(",\"params\":{\"name\":null}")]
    [InlineData(",\"params\":{\"name\":7}")]
    [InlineData(",\"params\":{\"name\":\"echo__ping\",\"arguments\":[1]}")]
    [InlineData(",\"params\":{\"name\":\"echo__ping\",\"arguments\":\"x\"}")]
    public async Task Call_BadShape_IsAProtocolError(string parameters)
    {
        await using var edge = await StartAsync();
        await using var client = await edge.ConnectAsync("2025-11-25");

        using var call = RawMcp.Request(HttpMethod.Post, $$"""{"jsonrpc":"2.0","id":2,"method":"tools/call"{{parameters}}}""");
        call.Headers.Add("Mcp-Session-Id", client.SessionId);
        using var called = await edge.Http.SendAsync(call, Cancellation);
        var answer = await RawMcp.ReadAsync(called);

        Assert.InRange(answer.GetProperty("error").GetProperty("code").GetInt32(), -32700, -32600);
        Assert.Empty(edge.Invoker.Calls);
    }

    [Fact]
    public async Task Call_DeepJson_IsRefusedNotCrashed()
    {
        await using var edge = await StartAsync();
        var deep = new string('[', 5000) + new string(']', 5000);

        using var call = Newest("tools/call", "echo__any", """{"name":"echo__any","arguments":{"list":""" + deep + "}," + Meta + "}");
        using var called = await edge.Http.SendAsync(call, Cancellation);

        Assert.NotEqual(HttpStatusCode.InternalServerError, called.StatusCode);
        Assert.Empty(edge.Invoker.Calls);
    }

    private static HttpRequestMessage Newest(string method, string? name, string parameters)
    {
        var request = RawMcp.Request(
            HttpMethod.Post, $$"""{"jsonrpc":"2.0","id":1,"method":{{JsonSerializer.Serialize(method)}},"params":{{parameters}}}""");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", method);
        if (name is not null)
        {
            request.Headers.Add("Mcp-Name", name);
        }

        return request;
    }

    private static async Task<EdgeFixture> StartAsync()
    {
        var edge = await EdgeFixture.StartAsync([TestSkills.Skill(
            "echo", TestSkills.Method("ping"), TestSkills.Method("any", TestSkills.Parameter("list", Skills.ParameterType.Array)))]);
        edge.Invoker.AnswerText("pong");
        return edge;
    }
}
