using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Luminarys.Mcp.Http;

public sealed class TokenGateTests
{
    private const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";
    private const string Initialize = """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}
        """;

    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo__ping"}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer one-two")]
    [InlineData("Bearer ONE")]
    [InlineData("Basic one")]
    [InlineData("one")]
    [InlineData("Bearer one,Bearer two")]
    public async Task M_2_Request_WithoutAValidToken_DoesNoWork(string? authorization)
    {
        await using var edge = await StartAsync();

        foreach (var (method, body) in new[] { (HttpMethod.Post, Initialize), (HttpMethod.Post, Call), (HttpMethod.Get, null), (HttpMethod.Delete, null) })
        {
            using var request = RawMcp.Request(method, body);
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }

            using var response = await edge.Http.SendAsync(request, Cancellation);

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).ToString());
            Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancellation));
        }

        Assert.Empty(edge.Invoker.Calls);
    }

    [Theory]
    [InlineData("Bearer one")]
    [InlineData("bearer two")]
    public async Task M_2_Request_WithOneOfTheTokens_IsServed(string authorization)
    {
        await using var edge = await StartAsync();
        using var request = RawMcp.Request(HttpMethod.Post, Initialize);
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization);

        using var response = await edge.Http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task M_2_TooManyWrongTokens_AreToldToWait_AndTheRightOneIsServed()
    {
        await using var edge = await StartAsync();
        async Task<HttpResponseMessage> TryAsync(string token)
        {
            using var request = RawMcp.Request(HttpMethod.Post, Initialize);
            request.Headers.Authorization = new("Bearer", token);
            return await edge.Http.SendAsync(request, Cancellation);
        }

        for (var i = 0; i < FailedTokens.Limit; i++)
        {
            using var refused = await TryAsync("wrong" + i);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        using var last = await TryAsync("wrong");
        Assert.Equal(HttpStatusCode.TooManyRequests, last.StatusCode);
        Assert.InRange(last.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        using var right = await TryAsync("two");
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task M_2_Token_InTheQuery_IsNoToken()
    {
        await using var edge = await StartAsync();
        using var request = RawMcp.Request(HttpMethod.Post, Initialize, "/mcp?access_token=one&token=one");

        using var response = await edge.Http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task M_2_Session_BelongsToTheTokenThatOpenedIt()
    {
        await using var edge = await StartAsync();
        await using var client = await edge.ConnectAsync("2025-11-25", token: "one");
        async Task<HttpStatusCode> ListAsync(string token)
        {
            using var request = RawMcp.Request(HttpMethod.Post, List);
            request.Headers.Authorization = new("Bearer", token);
            request.Headers.Add("Mcp-Session-Id", client.SessionId);
            using var response = await edge.Http.SendAsync(request, Cancellation);
            return response.StatusCode;
        }

        Assert.NotEmpty(client.SessionId!);
        Assert.Equal(HttpStatusCode.OK, await ListAsync("one"));
        Assert.Contains(await ListAsync("two"), new[] { HttpStatusCode.Forbidden, HttpStatusCode.NotFound });
    }

    [Fact]
    public async Task Client_WithToken_ListsInBothProtocols()
    {
        await using var edge = await StartAsync();
        foreach (var version in new[] { "2026-07-28", "2025-06-18" })
        {
            await using var client = await edge.ConnectAsync(version, token: "two");
            Assert.Single(await client.ListToolsAsync(cancellationToken: Cancellation));
        }
    }

    [Fact]
    public async Task OtherEndpoints_OfTheApplication_AreNotGuarded()
    {
        await using var edge = await StartAsync(application => application.MapGet("/own", () => "mine"));

        Assert.Equal("mine", await edge.Http.GetStringAsync("/own", Cancellation));
        Assert.Equal("""{"status":"ok"}""", await edge.Http.GetStringAsync("/health", Cancellation));
    }

    [Fact]
    public async Task Health_OfTheApplication_TakesPrecedence()
    {
        await using var edge = await StartAsync(application => application.MapGet("/health", () => "mine"));

        Assert.Equal("mine", await edge.Http.GetStringAsync("/health", Cancellation));
    }

    [Theory]
    [InlineData(4 * 1024 * 1024, null)]
    [InlineData(2048, 2048L)]
    public async Task Body_OverTheLimit_IsRefused(int limit, long? configured)
    {
        await using var edge = await StartAsync(options => options.MaxBodyBytes = configured ?? options.MaxBodyBytes);
        using var request = RawMcp.Request(HttpMethod.Post, List);
        request.Headers.Authorization = new("Bearer", "one");
        request.Headers.ExpectContinue = true;
        request.Content = new ByteArrayContent(new byte[limit + 1]);
        request.Content.Headers.ContentType = new("application/json");

        using var response = await edge.Http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public void Find_EveryToken_HasItsOwnIndex()
    {
        using var services = TestGates.Build(options => options.Tokens = ["a", "b", "c"]);
        var gate = services.GetRequiredService<TokenGate>();

        Assert.Equal(0, gate.Find("Bearer a"));
        Assert.Equal(1, gate.Find("Bearer b"));
        Assert.Equal(2, gate.Find("Bearer c"));
        Assert.Null(gate.Find("Bearer d"));
        Assert.False(gate.IsOpen);
    }

    private static Task<EdgeFixture> StartAsync(Action<WebApplication>? map = null) => StartAsync(_ => { }, map);

    private static Task<EdgeFixture> StartAsync(Action<McpEdgeOptions> configure, Action<WebApplication>? map = null) => EdgeFixture.StartAsync(
        [TestSkills.Skill("echo", TestSkills.Method("ping"))],
        options =>
        {
            options.Tokens = ["one", "two"];
            configure(options);
        },
        map);
}
