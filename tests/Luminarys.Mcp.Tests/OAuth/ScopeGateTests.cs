using System.Net;
using System.Net.Http.Headers;
using Luminarys.Mcp.Http;
using ModelContextProtocol.Client;

namespace Luminarys.Mcp.OAuth;

public sealed class ScopeGateTests
{
    private static readonly string[] s_versions = ["2026-07-28", "2025-11-25", "2025-03-26"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string[]> Lists => new()
    {
        { "", ["echo__ping"] },
        { "other.scope", ["echo__ping"] },
        { "files.read", ["echo__ping", "files__read"] },
        { "shell.run", ["echo__ping"] },
        { "files.read shell.run other.scope", ["echo__ping", "files__read", "shell__run"] },
        { "FILES.READ files.readx", ["echo__ping"] },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task List_ByScopes_ShowsWhatMayBeCalled(string scope, string[] tools)
    {
        await using var test = await OAuthFixture.StartAsync();
        foreach (var version in s_versions)
        {
            await using var client = await test.Edge.ConnectAsync(version, test.Token(scope));

            Assert.Equal(tools, (await client.ListToolsAsync(cancellationToken: Cancellation)).Select(tool => tool.Name));
        }
    }

    [Fact]
    public async Task List_OverHttpWithSse_ShowsWhatMayBeCalled()
    {
        await using var test = await OAuthFixture.StartAsync(configure: (options, _) => options.LegacySse = true);
        var transport = new HttpClientTransport(new()
        {
            Endpoint = new Uri(test.Edge.Http.BaseAddress!, "/sse"),
            TransportMode = HttpTransportMode.Sse,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = "Bearer " + test.Token("files.read") },
        });
        await using var client = await McpClient.CreateAsync(transport, cancellationToken: Cancellation);

        Assert.Equal(["echo__ping", "files__read"], (await client.ListToolsAsync(cancellationToken: Cancellation)).Select(tool => tool.Name));
        await Assert.ThrowsAnyAsync<Exception>(() => client.CallToolAsync("shell__run", cancellationToken: Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        Assert.Empty(test.Edge.Invoker.Calls);
    }

    [Fact]
    public async Task List_OfSeveralClientsAtOnce_StaysEachItsOwn()
    {
        await using var test = await OAuthFixture.StartAsync(configure: (options, _) => options.Tokens = ["static"]);
        var clients = Lists.Select(row => (Token: test.Token(row.Data.Item1), Tools: row.Data.Item2))
            .Append((Token: "static", Tools: ["echo__ping", "files__read", "shell__run"])).ToList();

        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(clients.Select(async expected =>
            {
                await using var client = await test.Edge.ConnectAsync(token: expected.Token);
                Assert.Equal(expected.Tools, (await client.ListToolsAsync(cancellationToken: Cancellation)).Select(tool => tool.Name));
            }));
        }
    }

    [Theory]
    [InlineData("", "files__read", "files.read")]
    [InlineData("", "files/read", "files.read")]
    [InlineData("files.read", "shell__run", "files.read shell.run")]
    public async Task Call_WithoutAScope_IsForbiddenAndDoesNoWork(string scope, string tool, string required)
    {
        await using var test = await OAuthFixture.StartAsync();

        var (status, answer) = await test.CallAsync(test.Token(scope), tool);

        Assert.Equal(403, status);
        Assert.Contains($"WWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"{required}\", resource_metadata=\"http://127.0.0.1:", answer, StringComparison.Ordinal);
        Assert.Empty(test.Edge.Invoker.Calls);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2025-03-26")]
    public async Task Call_OfAnOlderClientWithoutAScope_IsForbiddenToo(string version)
    {
        await using var test = await OAuthFixture.StartAsync();
        var token = test.Token();
        await using var client = await test.Edge.ConnectAsync(version, token);
        using var request = RawMcp.Request(HttpMethod.Post, """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"files__read"}}""");
        request.Headers.Authorization = new("Bearer", token);
        request.Headers.Add("Mcp-Session-Id", client.SessionId);

        using var response = await test.Edge.Http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("insufficient_scope", Assert.Single(response.Headers.WwwAuthenticate).ToString(), StringComparison.Ordinal);
        Assert.Empty(test.Edge.Invoker.Calls);
        var allowed = await client.CallToolAsync("echo__ping", cancellationToken: Cancellation);
        Assert.NotEqual(true, allowed.IsError);
    }

    [Fact]
    public async Task Call_InASession_CountsTheTokenOfEachRequest()
    {
        await using var test = await OAuthFixture.StartAsync();
        await using var client = await test.Edge.ConnectAsync("2025-11-25", test.Token("files.read"));
        foreach (var (scope, status) in new[] { ("files.read", HttpStatusCode.OK), ("", HttpStatusCode.Forbidden), ("files.read", HttpStatusCode.OK) })
        {
            using var request = RawMcp.Request(HttpMethod.Post, """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"files__read"}}""");
            request.Headers.Authorization = new("Bearer", test.Token(scope));
            request.Headers.Add("Mcp-Session-Id", client.SessionId);

            using var response = await test.Edge.Http.SendAsync(request, Cancellation);

            Assert.Equal(status, response.StatusCode);
        }

        Assert.Equal(2, test.Edge.Invoker.Calls.Count);
    }

    [Fact]
    public async Task Call_HeadersThatNameAnotherTool_DoNotHelp()
    {
        await using var test = await OAuthFixture.StartAsync();
        await using var client = await test.Edge.ConnectAsync("2025-11-25", test.Token());
        using var request = RawMcp.Request(HttpMethod.Post, """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"files__read"}}""");
        request.Headers.Authorization = new("Bearer", test.Token());
        request.Headers.Add("Mcp-Session-Id", client.SessionId);
        request.Headers.Add("Mcp-Method", "tools/call");
        request.Headers.Add("Mcp-Name", "echo__ping");

        using var response = await test.Edge.Http.SendAsync(request, Cancellation);

        var result = (await RawMcp.ReadAsync(response)).GetProperty("result");
        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Equal("insufficient_scope: the access token must carry files.read", result.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("DENIED", result.GetProperty("_meta").GetProperty("luminarys/code").GetString());
        Assert.Empty(test.Edge.Invoker.Calls);
    }

    [Fact]
    public async Task Call_WithAConfiguredToken_HasEveryScope()
    {
        await using var test = await OAuthFixture.StartAsync(configure: (options, _) => options.Tokens = ["static"]);

        Assert.Equal(200, (await test.CallAsync("static", "shell__run")).Status);
        Assert.Equal(200, (await test.CallAsync(test.Token())).Status);
        Assert.Equal(401, (await test.CallAsync("other")).Status);
        Assert.Equal(401, (await test.CallAsync(null)).Status);
        Assert.Equal(2, test.Edge.Invoker.Calls.Count);
    }

    [Fact]
    public async Task Scopes_InEitherClaim_Count()
    {
        await using var test = await OAuthFixture.StartAsync();
        var text = test.Claims();
        text["scp"] = "files.read";
        var list = test.Claims();
        list["scp"] = new System.Text.Json.Nodes.JsonArray("x", "files.read");

        Assert.Equal(200, (await test.CallAsync(OAuthFixture.Rsa.Sign(text), "files__read")).Status);
        Assert.Equal(200, (await test.CallAsync(OAuthFixture.Rsa.Sign(list), "files__read")).Status);
    }

    [Fact]
    public async Task Defence_TakenDown_LetsACallWithoutTheScopeIn()
    {
        await using var test = await OAuthFixture.StartAsync(new EdgeDefences { Scope = false });

        var (status, _) = await test.CallAsync(test.Token(), "shell__run");

        Assert.Equal(200, status);
        Assert.Single(test.Edge.Invoker.Calls);
    }
}
