using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Luminarys.Mcp.OAuth;

public sealed class ProtectedResourceTests
{
    private const string Host = "Host: 127.0.0.1:{port}";

    [Theory]
    [InlineData("/.well-known/oauth-protected-resource")]
    [InlineData("/.well-known/oauth-protected-resource/mcp")]
    public async Task Description_WithoutAToken_NamesTheAuthorizationServer(string path)
    {
        await using var test = await OAuthFixture.StartAsync();

        var (status, answer) = await GetAsync(test, path, Host);

        Assert.Equal(200, status);
        var description = JsonElement.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)]);
        Assert.Equal(test.Edge.Http.BaseAddress + "mcp", description.GetProperty("resource").GetString());
        Assert.Equal([test.Server.Issuer], description.GetProperty("authorization_servers").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal(["files.read", "shell.run"], description.GetProperty("scopes_supported").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal(["header"], description.GetProperty("bearer_methods_supported").EnumerateArray().Select(item => item.GetString()));
    }

    [Fact]
    public async Task Description_BehindAProxy_IsOfThePublicAddress()
    {
        await using var test = await OAuthFixture.StartAsync(configure: (options, _) => options.ServerUrl = new("https://tools.example.com/base/"));

        var (status, answer) = await GetAsync(test, "/.well-known/oauth-protected-resource/base/mcp", "Host: tools.example.com");
        var (_, refused) = await test.CallAsync(null);

        Assert.Equal(200, status);
        Assert.Contains("\"resource\":\"https://tools.example.com/base/mcp\"", answer, StringComparison.Ordinal);
        Assert.Contains(
            "WWW-Authenticate: Bearer resource_metadata=\"https://tools.example.com/.well-known/oauth-protected-resource/base/mcp\", scope=\"files.read shell.run\"\r\n",
            refused,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host: evil.example", 421)]
    [InlineData($"{Host}|Origin: http://evil.example", 403)]
    public async Task Description_ForAStranger_IsRefused(string headers, int status)
    {
        await using var test = await OAuthFixture.StartAsync();

        Assert.Equal(status, (await GetAsync(test, ProtectedResource.WellKnown, headers)).Status);
    }

    [Fact]
    public async Task Description_WithoutAnAuthorizationServer_IsNone()
    {
        await using var edge = await EdgeFixture.StartAsync([], options => options.Tokens = ["one"]);

        Assert.Equal(404, (await RawHttp.SendAsync(edge.Http.BaseAddress!, "GET", Host, null, ProtectedResource.WellKnown)).Status);
    }

    [Fact]
    public async Task Requests_WithoutAToken_AreAlwaysToldWhereToGetOne()
    {
        await using var test = await OAuthFixture.StartAsync();
        for (var i = 0; i < 15; i++)
        {
            var (status, answer) = await test.CallAsync(null);

            Assert.Equal(401, status);
            Assert.Contains("resource_metadata=", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("error=", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ScopeOfAHostileNode_DoesNotGetIntoAHeader()
    {
        await using var test = await OAuthFixture.StartAsync();
        test.Edge.Registry.TryPublish(TestSkills.Snapshot(2, TestSkills.Skill(
            "bad", Manifests.McpMapping.Default with { Scopes = ["a\"\r\nX-Evil: 1", "fine"] }, TestSkills.Method("run"))));

        var (status, answer) = await test.CallAsync(test.Token("fine"), "bad__run");

        Assert.Equal(403, status);
        Assert.Contains("scope=\"fine\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Evil", answer, StringComparison.Ordinal);
        Assert.Empty(test.Edge.Invoker.Calls);
    }

    [Theory]
    [InlineData("http://id.example.com", "a")]
    [InlineData("https://id.example.com", null)]
    [InlineData(null, "a")]
    public async Task Start_WithUnsafeSettings_IsRefused(string? issuer, string? audience) => await Assert.ThrowsAsync<OptionsValidationException>(() => EdgeFixture.StartAsync(
        [], options => options.OAuth = new() { Issuer = issuer is null ? null : new(issuer), Audience = audience }));

    private static Task<(int Status, string Answer)> GetAsync(OAuthFixture test, string path, string headers) =>
        RawHttp.SendAsync(test.Edge.Http.BaseAddress!, "GET", headers, null, path);
}
