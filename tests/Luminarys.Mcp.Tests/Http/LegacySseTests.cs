using System.Net;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Luminarys.Mcp.Http;

/// <summary>Clients of protocol 2024-11-05, which know nothing but HTTP with SSE.</summary>
public sealed class LegacySseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/mcp/sse")]
    [InlineData("/sse")]
    public async Task OldClient_ListsAndCalls_BesideNewOnes(string path)
    {
        await using var edge = await StartAsync(isOn: true);
        edge.Invoker.AnswerText("pong");
        var transport = new HttpClientTransport(new()
        {
            Endpoint = new Uri(edge.Http.BaseAddress!, path),
            TransportMode = HttpTransportMode.Sse,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = "Bearer one" },
        });
        await using var client = await McpClient.CreateAsync(transport, cancellationToken: Cancellation);

        Assert.Equal("echo__ping", Assert.Single(await client.ListToolsAsync(cancellationToken: Cancellation)).Name);
        var result = await client.CallToolAsync("echo__ping", cancellationToken: Cancellation);
        Assert.Equal("pong", Assert.IsType<TextContentBlock>(result.Content[0]).Text);
        await using var modern = await edge.ConnectAsync(token: "one");
        Assert.Single(await modern.ListToolsAsync(cancellationToken: Cancellation));
    }

    [Theory]
    [InlineData("/mcp/sse", "GET")]
    [InlineData("/sse", "GET")]
    [InlineData("/mcp/message?sessionId=x", "POST")]
    public async Task EveryPath_StandsBehindTheGate_AndIsThereOnlyWhenAskedFor(string path, string method)
    {
        await using var on = await StartAsync(isOn: true);
        await using var off = await StartAsync(isOn: false);

        using var stranger = await on.Http.SendAsync(RawMcp.Request(new(method), method == "POST" ? "{}" : null, path), Cancellation);
        using var foreign = RawMcp.Request(new(method), method == "POST" ? "{}" : null, path);
        foreign.Headers.Authorization = new("Bearer", "one");
        foreign.Headers.Add("Origin", "https://evil.example");
        using var page = await on.Http.SendAsync(foreign, Cancellation);
        using var absent = await off.Http.SendAsync(RawMcp.Request(new(method), method == "POST" ? "{}" : null, path), Cancellation);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.NotFound), (stranger.StatusCode, page.StatusCode, absent.StatusCode));
    }

    private static Task<EdgeFixture> StartAsync(bool isOn) => EdgeFixture.StartAsync(
        [TestSkills.Skill("echo", TestSkills.Method("ping"))],
        options => (options.LegacySse, options.Tokens) = (isOn, ["one"]));
}
