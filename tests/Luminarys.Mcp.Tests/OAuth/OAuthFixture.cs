using System.Text;
using System.Text.Json.Nodes;
using Luminarys.Manifests;
using Luminarys.Mcp.Http;
using Luminarys.Skills;
using Microsoft.Extensions.DependencyInjection;

namespace Luminarys.Mcp.OAuth;

/// <summary>An edge that trusts an authorization server of the test, with a skill for everybody and two that ask for scopes.</summary>
internal sealed class OAuthFixture : IAsyncDisposable
{
    public static readonly SigningKey Rsa = SigningKey.Rsa("rsa-1");
    private const string Headers = "Host: 127.0.0.1:{port}|Content-Type: application/json|Accept: application/json, text/event-stream";

    private OAuthFixture(AuthorizationServer server, EdgeFixture edge, RecordingLogger<KeySet> log) => (Server, Edge, Log) = (server, edge, log);

    public AuthorizationServer Server { get; }

    public EdgeFixture Edge { get; }

    public RecordingLogger<KeySet> Log { get; }

    public DateTimeOffset Now => Edge.Time.GetUtcNow();

    public static async Task<OAuthFixture> StartAsync(
        EdgeDefences? defences = null, SigningKey[]? keys = null, Action<AuthorizationServer>? prepare = null, Action<McpEdgeOptions, AuthorizationServer>? configure = null)
    {
        var server = await AuthorizationServer.StartAsync(keys ?? [Rsa]);
        prepare?.Invoke(server);
        var log = new RecordingLogger<KeySet>();
        var edge = await EdgeFixture.StartAsync(
            [
                TestSkills.Skill("echo", TestSkills.Method("ping")),
                TestSkills.Skill("files", McpMapping.Default with { Scopes = ["files.read"] }, TestSkills.Method("read")),
                TestSkills.Skill("shell", McpMapping.Default with { Scopes = ["files.read", "shell.run"] }, TestSkills.Method("run")),
            ],
            options =>
            {
                options.OAuth = new() { Issuer = new(server.Issuer), Audience = AuthorizationServer.Audience, KeySetUrl = server.KeySetUrl };
                configure?.Invoke(options, server);
            },
            addServices: services => services.AddSingleton(defences ?? EdgeDefences.All).AddSingleton<Microsoft.Extensions.Logging.ILogger<KeySet>>(log));
        return new(server, edge, log);
    }

    public JsonObject Claims(string scope = "") => Server.Claims(Now, scope);

    public string Token(string scope = "") => Rsa.Sign(Claims(scope));

    /// <summary>Calls a tool by protocol 2026-07-28.</summary>
    public Task<(int Status, string Answer)> CallAsync(string? token, string tool = "echo__ping", string more = "") => RawHttp.SendAsync(
        Edge.Http.BaseAddress!,
        "POST",
        $"{Headers}|{RawHttp.CallHeaders.Replace("echo__ping", tool, StringComparison.Ordinal)}{(token is null ? "" : $"|Authorization: Bearer {token}")}{more}",
        Encoding.UTF8.GetBytes(RawHttp.Call.Replace("echo__ping", tool, StringComparison.Ordinal)));

    public async ValueTask DisposeAsync()
    {
        await Edge.DisposeAsync();
        await Server.DisposeAsync();
    }
}
