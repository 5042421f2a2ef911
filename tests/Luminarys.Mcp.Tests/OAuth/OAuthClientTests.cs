using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;

namespace Luminarys.Mcp.OAuth;

/// <summary>A client that knows nothing but the address finds the authorization server, gets a token, and a better one when it must.</summary>
public sealed class OAuthClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    public async Task Client_WithoutAToken_FindsItsWay(string version)
    {
        await using var test = await OAuthFixture.StartAsync();
        var asked = new List<string>();
        await using var client = await ConnectAsync(test, version, asked, grant: _ => asked[^1]);

        Assert.Equal(3, (await client.ListToolsAsync(cancellationToken: Cancellation)).Count);
        Assert.NotEqual(true, (await client.CallToolAsync("shell__run", cancellationToken: Cancellation)).IsError);
        Assert.Equal(["files.read shell.run"], asked);
    }

    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    public async Task Client_WhoseTokenLacksAScope_AsksForABetterOne(string version)
    {
        await using var test = await OAuthFixture.StartAsync();
        var asked = new List<string>();
        await using var client = await ConnectAsync(test, version, asked, grant: number => number == 1 ? "" : asked[^1]);

        Assert.Single(await client.ListToolsAsync(cancellationToken: Cancellation));
        Assert.NotEqual(true, (await client.CallToolAsync("files__read", cancellationToken: Cancellation)).IsError);
        Assert.Equal(2, asked.Count);
        Assert.Contains("files.read", asked[^1], StringComparison.Ordinal);
    }

    private static Task<McpClient> ConnectAsync(OAuthFixture test, string version, List<string> asked, Func<int, string> grant)
    {
        var challenge = "";
        test.Server.Issue = form =>
        {
            Assert.Equal(challenge, Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))));
            return test.Token(grant(asked.Count));
        };
        var transport = new HttpClientTransport(new()
        {
            Endpoint = new Uri(test.Edge.Http.BaseAddress!, "/mcp"),
            TransportMode = HttpTransportMode.StreamableHttp,
            OAuth = new()
            {
                ClientId = "client-1",
                ClientSecret = "secret-1",
                RedirectUri = new("http://127.0.0.1:1/callback"),
                AuthorizationCallbackHandler = (context, _) =>
                {
                    var query = QueryHelpers.ParseQuery(context.AuthorizationUri.Query);
                    Assert.StartsWith(test.Server.Issuer + "/authorize", context.AuthorizationUri.OriginalString, StringComparison.Ordinal);
                    Assert.Equal(test.Edge.Http.BaseAddress + "mcp", query["resource"].ToString());
                    asked.Add(query["scope"].ToString());
                    challenge = query["code_challenge"].ToString();
                    return Task.FromResult<AuthorizationResult?>(new() { Code = "code-1", State = query["state"].ToString() });
                },
            },
        });
        return McpClient.CreateAsync(transport, new() { ProtocolVersion = version }, cancellationToken: Cancellation);
    }
}
