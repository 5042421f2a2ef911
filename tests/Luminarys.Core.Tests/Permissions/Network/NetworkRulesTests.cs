using System.Net;
using Luminarys.Permissions;
using Luminarys.Permissions.Network;

namespace Luminarys.Core.Tests.Permissions.Network;

public sealed class NetworkRulesTests
{
    private static readonly IPAddress s_loopback = IPAddress.Loopback;
    private static readonly IPAddress s_external = IPAddress.Parse("8.8.8.8");

    [Theory]
    [InlineData("**", "https://a.example/x?y", true)]
    [InlineData("https://**", "https://a.example:8443/x", true)]
    [InlineData("https://**", "http://a.example/x", false)]
    [InlineData("https://**", "wss://a.example/x", true)]
    [InlineData("http://**", "ws://a.example/x", true)]
    [InlineData("https://a.example", "https://a.example/", true)]
    [InlineData("https://a.example", "https://a.example/x", false)]
    [InlineData("https://a.example/", "https://A.EXAMPLE.:443", true)]
    [InlineData("https://a.example/**", "https://a.example/x/y?z=/..", true)]
    [InlineData("https://a.example/**", "https://a.example:8443/x", false)]
    [InlineData("https://a.example:*/**", "https://a.example:8443/x", true)]
    [InlineData("https://a.example:{443,8443}/**", "https://a.example:8443/x", true)]
    [InlineData("https://a.example/v1/*", "https://a.example/v1/x", true)]
    [InlineData("https://a.example/v1/*", "https://a.example/v1/x/y", false)]
    [InlineData("https://a.example/v1/**", "https://a.example/v1/../v2/x", false)]
    [InlineData("https://a.example/v1/**", "https://a.example/v1/%2e%2E/v2/x", false)]
    [InlineData("https://a.example/v1/**", "https://a.example/V1/x", false)]
    [InlineData("https://a.example/x", "https://a.example/x?y=1", false)]
    [InlineData("https://a.example/x?y=*", "https://a.example/x?y=1", true)]
    [InlineData("https://*.example.com/**", "https://a.b.example.com/", true)]
    [InlineData("https://*.example.com/**", "https://example.com/", false)]
    [InlineData("https://*.example.com/**", "https://evil.com/.example.com/", false)]
    [InlineData("https://*.example.com/**", "https://evil.com/x.example.com/y", false)]
    [InlineData("https://**.example.com/**", "https://evil.com/a.example.com/y", false)]
    [InlineData("https://**/admin", "https://a.example/x/admin", false)]
    [InlineData("https://**/admin", "https://a.example/admin", true)]
    [InlineData("https://*example.com/**", "https://evilexample.com/", true)]
    [InlineData("https://a.example**", "https://a.example.evil.com/", true)]
    [InlineData("https://a.example**", "https://a.example.evil.com/x", false)]
    [InlineData("https://a.example/**", "https://a.example.evil.com/", false)]
    [InlineData("https://a.example/**", "https://evil.com/?https://a.example/", false)]
    [InlineData("http://*:8080/**", "http://[2606:4700::1]:8080/x", true)]
    [InlineData("http://*1/**", "http://[2606:4700::1]/x", false)]
    [InlineData("http://[2606:4700:0::1]/**", "http://[2606:4700::1]/x", true)]
    [InlineData("http://10.0.0.*/**", "http://10.0.0.7/x", true)]
    [InlineData("http://0x0a000007/**", "http://10.0.0.7/x", true)]
    [InlineData("http*://a.example/**", "https://a.example/x", true)]
    [InlineData("*://a.example/**", "http://a.example/x", true)]
    [InlineData("http://b\u00fccher.example/**", "http://xn--bcher-kva.example/x", true)]
    [InlineData("http://*.b\u00fccher.example/**", "http://a.xn--bcher-kva.example/x", true)]
    [InlineData("http://a.example/\u00e9/**", "http://a.example/%c3%A9/x", true)]
    public void WebPattern_Url_Matches(string pattern, string url, bool matches)
    {
        Assert.True(WebPattern.TryParse(pattern, out var parsed, out var fault), fault);
        Assert.Equal(matches, parsed.IsMatch(Url(url)));
        Assert.Equal(matches, new HttpRules(new([pattern], 0, true), new()).Judge(Url(url)).IsAllowed);
    }

    [Theory]
    [InlineData("a.example/**")]
    [InlineData("https://user@a.example/**")]
    [InlineData("https://a.example/#x")]
    [InlineData("https://a:b*:c/**")]
    [InlineData("https:///x")]
    [InlineData("https://[::g]/**")]
    [InlineData("https://a.example/{x")]
    [InlineData("https://1.2.3.4.5/**")]
    [InlineData("")]
    public void WebPattern_Malformed_IsRefused(string pattern)
    {
        Assert.False(WebPattern.TryParse(pattern, out _, out var fault));
        Assert.NotEmpty(fault);
    }

    [Theory]
    [InlineData("**", "a.example:1", true)]
    [InlineData("*:5432", "db.example:5432", true)]
    [InlineData("*:5432", "db.example:5433", false)]
    [InlineData("*:5432", "[2606:4700::1]:5432", true)]
    [InlineData("redis.internal:6379", "REDIS.internal.:6379", true)]
    [InlineData("redis.internal:*", "redis.internal:1", true)]
    [InlineData("10.0.0.*:*", "10.0.0.9:80", true)]
    [InlineData("10.0.0.*:*", "10.0.1.9:80", false)]
    [InlineData("10.0.0.*:*", "167772169:80", true)]
    [InlineData("[2606:4700::1]:443", "[2606:4700:0:0::1]:443", true)]
    [InlineData("*.example:80", "example:80", false)]
    public void EndpointPattern_Endpoint_Matches(string pattern, string endpoint, bool matches)
    {
        Assert.True(EndpointPattern.TryParse(pattern, out var parsed, out var fault), fault);
        Assert.Equal(matches, parsed.IsMatch(Endpoint(endpoint)));
    }

    [Theory]
    [InlineData("redis.internal")]
    [InlineData("redis.internal:")]
    [InlineData("::1:80")]
    [InlineData("*")]
    public void EndpointPattern_Malformed_IsRefused(string pattern) => Assert.False(EndpointPattern.TryParse(pattern, out _, out _));

    [Theory]
    [InlineData("a.example")]
    [InlineData("a.example:")]
    [InlineData("a.example:0")]
    [InlineData("a.example:65536")]
    [InlineData("a.example:http")]
    [InlineData("http://a.example:80")]
    [InlineData("[::1]")]
    [InlineData("::1:80")]
    [InlineData(":80")]
    [InlineData("a b:80")]
    [InlineData("u@a.example:80")]
    public void NetworkEndpoint_Malformed_IsRefused(string text) => Assert.False(NetworkEndpoint.TryParse(text, out _, out _));

    [Fact]
    public void Http_NoPermission_NamesTheLineThatWouldAllow()
    {
        var verdict = new HttpRules(null, new()).Judge(Url("https://a.example/x?secret"));

        Assert.Equal(Verdict.Deny("permissions.http is not enabled", """permissions.http: { enabled: true, allowlist: ["https://a.example/**"] }"""), verdict);
    }

    [Fact]
    public void Http_NoMatch_NamesTheLineThatWouldAllow() => Assert.Equal(
        Verdict.Deny("nothing in permissions.http.allowlist matches", """permissions.http.allowlist: ["http://a.example:81/**"]"""),
        Http("https://**").Judge(Url("http://a.example:81/x")));

    [Fact]
    public void Http_WebSocketWithoutItsFlag_IsDenied()
    {
        var verdict = new HttpRules(new(["**"], 0, false), new()).Judge(Url("wss://a.example/"));

        Assert.Equal("permissions.http.allow_websocket: true", verdict.Remedy);
    }

    [Fact]
    public void Http_InternalAddress_NeedsAMatchOnly() =>
        Assert.Equal([s_loopback], Http("http://a.example/**").Judge(Url("http://a.example/"), [s_loopback], []).Addresses);

    [Theory]
    [InlineData("http://**", false)]
    [InlineData("http://*.example/**", false)]
    [InlineData("http://a.example/**", true)]
    public void Http_Hardened_InternalAddressNeedsAnEntryThatMeansIt(string pattern, bool allowed)
    {
        var judged = Http(pattern, new() { DenyInternal = true }).Judge(Url("http://a.example/"), [s_external, s_loopback], []);

        Assert.Equal(allowed ? [s_external, s_loopback] : [s_external], judged.Addresses);
        Assert.False(Http("http://**", new() { DenyInternal = true }).Judge(Url("http://a.example/"), [s_loopback], []).Verdict.IsAllowed);
    }

    [Fact]
    public void S3_OneForbiddenAnswer_DeniesAll()
    {
        var judged = Http("**").Judge(Url("http://a.example/"), [s_external, IPAddress.Parse("::ffff:169.254.169.254")], []);

        Assert.False(judged.Verdict.IsAllowed);
        Assert.Empty(judged.Addresses);
    }

    [Theory]
    [InlineData("**", "http://127.0.0.1:4222/", "127.0.0.1", false)]
    [InlineData("http://127.0.0.1:*/**", "http://127.0.0.1:4222/", "127.0.0.1", false)]
    [InlineData("http://127.0.0.1:4222/**", "http://127.0.0.1:4222/", "127.0.0.1", true)]
    [InlineData("http://localhost:4222/**", "http://localhost:4222/", "127.0.0.1", true)]
    [InlineData("http://127.0.0.2:4222/**", "http://127.0.0.2:4222/", "127.0.0.2", true)]
    [InlineData("http://a.example:4222/**", "http://a.example:4222/", "127.0.0.1", false)]
    [InlineData("**", "http://a.example:4222/", "10.1.1.1", false)]
    [InlineData("**", "http://a.example:4222/", "10.1.1.2", true)]
    [InlineData("**", "http://a.example:4223/", "127.0.0.1", true)]
    [InlineData("**", "http://bus.example:4222/", "10.9.9.9", false)]
    [InlineData("**", "http://alias.example:4222/", "10.9.9.9", false)]
    [InlineData("http://bus.example:4222/**", "http://bus.example:4222/", "10.9.9.9", true)]
    public void S3_OwnEndpoint_NeedsAnEntryThatNamesExactlyIt(string pattern, string url, string address, bool allowed)
    {
        var policy = new NetworkPolicy { OwnEndpoints = [Endpoint("127.0.0.1:4222"), Endpoint("bus.example:4222")], LocalAddresses = [IPAddress.Parse("10.1.1.1")] };
        var rules = Http(pattern, policy);

        Assert.Equal(["bus.example"], policy.OwnNamesOn(4222));
        Assert.Equal(allowed, rules.Judge(Url(url), [IPAddress.Parse(address)], [IPAddress.Parse("10.9.9.9")]).Verdict.IsAllowed);
    }

    [Theory]
    [InlineData("0.0.0.0:9000", "127.0.0.1", false)]
    [InlineData("[::]:9000", "127.0.0.1", false)]
    [InlineData("0.0.0.0:9000", "10.1.1.1", false)]
    [InlineData("10.7.7.7:9000", "127.0.0.1", true)]
    [InlineData("10.7.7.7:9000", "10.7.7.7", false)]
    public void S3_OwnEndpoint_OnAnyLocalInterface_IsDenied(string own, string address, bool allowed)
    {
        Assert.True(NetworkEndpoint.TryParse(own, out var endpoint, out _));
        var policy = new NetworkPolicy { OwnEndpoints = [endpoint], LocalAddresses = [IPAddress.Parse("10.1.1.1")] };

        Assert.Equal(allowed, new TcpRules(new([], true), policy).Judge(Endpoint($"{address}:9000")).IsAllowed);
    }

    [Fact]
    public void Tcp_EmptyAllowlist_GrantsInternalAddressesWhenAllAre()
    {
        var rules = new TcpRules(new([], InternalAddresses: true), new());
        var endpoint = Endpoint("db.example:5432");

        Assert.True(rules.Judge(endpoint, [s_loopback, IPAddress.Parse("10.0.0.1")], []).Verdict.IsAllowed);
        Assert.False(rules.Judge(endpoint, [s_loopback, s_external], []).Verdict.IsAllowed);
        Assert.True(rules.Judge(Endpoint("127.0.0.1:1")).IsAllowed);
        Assert.False(rules.Judge(Endpoint("8.8.8.8:1")).IsAllowed);
        Assert.False(new TcpRules(new([], true), new() { DenyInternal = true }).Judge(Endpoint("127.0.0.1:1")).IsAllowed);
    }

    [Fact]
    public void Tcp_AllowlistWithEntries_GivesInternalAddressesNoBonus() =>
        Assert.Equal(
            Verdict.Deny("nothing in permissions.tcp.allowlist matches", """permissions.tcp.allowlist: ["127.0.0.1:1"]"""),
            Tcp("redis.internal:6379").Judge(Endpoint("127.0.0.1:1")));

    [Fact]
    public void Tcp_EntryForAddresses_MatchesWhatANameResolvesTo()
    {
        var rules = Tcp("10.0.0.*:*");

        Assert.True(rules.Judge(Endpoint("db.example:5432")).IsAllowed);
        Assert.Equal([IPAddress.Parse("10.0.0.9")], rules.Judge(Endpoint("db.example:5432"), [IPAddress.Parse("10.0.1.9"), IPAddress.Parse("10.0.0.9")], []).Addresses);
        Assert.False(rules.Judge(Endpoint("db.example:5432"), [s_external], []).Verdict.IsAllowed);
        Assert.False(Tcp("redis.internal:6379").Judge(Endpoint("db.example:5432")).IsAllowed);
    }

    [Theory]
    [InlineData("redis.internal", true)]
    [InlineData("REDIS.internal.", true)]
    [InlineData("other.internal", true)]
    [InlineData("evil.example", false)]
    [InlineData("bad name", false)]
    public void Tcp_ServerName_MustBeGranted(string name, bool allowed) =>
        Assert.Equal(allowed, Tcp("*.internal:6379").JudgeServerName(Endpoint("redis.internal:6379"), name).IsAllowed);

    [Fact]
    public void Tcp_NoPermission_IsDenied() =>
        Assert.Equal("""permissions.tcp: { enabled: true, allowlist: ["a.example:1"] }""", new TcpRules(null, new()).Judge(Endpoint("a.example:1")).Remedy);

    [Fact]
    public void ToLogText_Query_IsLeftOut() => Assert.Equal("https://a.example/x?…", Url("https://a.example/x?token=1").ToLogText());

    private static HttpRules Http(string pattern, NetworkPolicy? policy = null) => new(new([pattern], 0, true), policy ?? new());

    private static TcpRules Tcp(string pattern) => new(new([pattern], false), new());

    private static WebAddress Url(string text) => WebAddress.TryParse(text, out var address, out var fault) ? address : throw new FormatException(fault);

    private static NetworkEndpoint Endpoint(string text) => NetworkEndpoint.TryParse(text, out var endpoint, out var fault) ? endpoint : throw new FormatException(fault);
}
