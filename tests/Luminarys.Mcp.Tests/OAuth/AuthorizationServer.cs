using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Luminarys.Mcp.OAuth;

/// <summary>A small authorization server on loopback: it describes itself and publishes keys.</summary>
internal sealed class AuthorizationServer : IAsyncDisposable
{
    public const string Audience = "https://tools.example.com/mcp";

    private readonly WebApplication _application;
    private int _asked;

    private AuthorizationServer(WebApplication application, SigningKey[] keys) => (_application, Keys) = (application, [.. keys]);

    public string Issuer => _application.Urls.Single();

    public Uri KeySetUrl => new(Issuer + "/keys");

    /// <summary>Keys that it publishes now.</summary>
    public List<SigningKey> Keys { get; }

    /// <summary>Whether it answers with an error.</summary>
    public bool IsDown { get; set; }

    /// <summary>What it answers instead of its keys.</summary>
    public string? Instead { get; set; }

    /// <summary>What its description says of itself, when not the truth.</summary>
    public string? ClaimedIssuer { get; set; }

    /// <summary>Makes the token for a client whose user agreed; what is asked for is in the request's form.</summary>
    public Func<IFormCollection, string>? Issue { get; set; }

    /// <summary>How often it was asked for its keys.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public static async Task<AuthorizationServer> StartAsync(params SigningKey[] keys)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var server = new AuthorizationServer(application, keys);
        application.MapGet("/.well-known/oauth-authorization-server", () => new JsonObject
        {
            ["issuer"] = server.ClaimedIssuer ?? server.Issuer,
            ["jwks_uri"] = server.KeySetUrl.OriginalString,
            ["authorization_endpoint"] = server.Issuer + "/authorize",
            ["token_endpoint"] = server.Issuer + "/token",
            ["response_types_supported"] = new JsonArray("code"),
            ["grant_types_supported"] = new JsonArray("authorization_code"),
            ["code_challenge_methods_supported"] = new JsonArray("S256"),
            ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post"),
        });
        application.MapGet("/keys", server.AnswerKeysAsync);
        application.MapPost("/token", server.AnswerTokenAsync);
        application.MapGet("/moved", context => { context.Response.Redirect("/keys"); return Task.CompletedTask; });
        await application.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>The claims of a good token at a time.</summary>
    public JsonObject Claims(DateTimeOffset now, string scope = "") => new()
    {
        ["iss"] = Issuer,
        ["aud"] = Audience,
        ["sub"] = "user-1",
        ["iat"] = now.ToUnixTimeSeconds(),
        ["nbf"] = now.ToUnixTimeSeconds(),
        ["exp"] = now.AddMinutes(10).ToUnixTimeSeconds(),
        ["scope"] = scope,
    };

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task AnswerTokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            new JsonObject { ["access_token"] = Issue!(form), ["token_type"] = "Bearer", ["expires_in"] = 600 }, context.RequestAborted);
    }

    private Task AnswerKeysAsync(HttpContext context)
    {
        Interlocked.Increment(ref _asked);
        context.Response.StatusCode = IsDown ? 500 : 200;
        return context.Response.WriteAsync(Instead ?? new JsonObject { ["keys"] = new JsonArray([.. Keys.Select(key => key.Published.DeepClone())]) }.ToJsonString());
    }
}
