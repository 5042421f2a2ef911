using System.Net;

namespace Luminarys.Mcp.Http;

/// <summary>The transport of protocol 2024-11-05: there only when asked for, and behind the same gate.</summary>
public sealed class LegacySseTests
{
    [Fact]
    public async Task Stream_UnlessAskedFor_IsNotThere()
    {
        await using var edge = await StartAsync(legacy: false);

        using var response = await edge.Http.SendAsync(Opening(), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Stream_WithoutAToken_IsRefused()
    {
        await using var edge = await StartAsync(legacy: true, "secret-token");

        using var response = await edge.Http.SendAsync(Opening(), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Client_OverStreamAndMessages_ListsAndCalls()
    {
        await using var edge = await StartAsync(legacy: true);
        await using var client = await ModelContextProtocol.Client.McpClient.CreateAsync(
            new ModelContextProtocol.Client.HttpClientTransport(new()
            {
                Endpoint = new Uri(edge.Http.BaseAddress!, "/mcp/sse"),
                TransportMode = ModelContextProtocol.Client.HttpTransportMode.Sse,
            }),
            cancellationToken: TestContext.Current.CancellationToken);

        var tools = await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        var result = await client.CallToolAsync("echo__ping", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("echo__ping", Assert.Single(tools).Name);
        Assert.NotEqual(true, result.IsError);
    }

    private static HttpRequestMessage Opening() => RawMcp.Request(HttpMethod.Get, null, "/mcp/sse");

    private static Task<EdgeFixture> StartAsync(bool legacy, params string[] tokens) => EdgeFixture.StartAsync(
        [TestSkills.Skill("echo", TestSkills.Method("ping"))],
        options => (options.LegacySse, options.Tokens) = (legacy, tokens));
}
