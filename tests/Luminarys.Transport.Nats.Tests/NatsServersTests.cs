namespace Luminarys.Transport.Nats.Tests;

public sealed class NatsServersTests
{
    [Theory]
    [InlineData("host", "nats://host:4222")]
    [InlineData("host:1234", "nats://host:1234")]
    [InlineData("nats://host", "nats://host:4222")]
    [InlineData("nats://host:1234/", "nats://host:1234")]
    [InlineData("tls://host", "tls://host:4222")]
    [InlineData("a, b:1,tls://c", "tls://a:4222 tls://b:1 tls://c:4222")]
    [InlineData("[::1]:1234", "nats://[::1]:1234")]
    [InlineData("user:pass@host", "nats://host:4222")]
    [InlineData("a,a", "nats://a:4222")]
    public void TryParse_Addresses_AreCompletedAndCleaned(string url, string expected)
    {
        Assert.True(NatsServers.TryParse(new() { Url = url }, out var servers, out _));
        Assert.Equal(expected, string.Join(' ', servers.Urls));
        Assert.Equal(expected.StartsWith("tls:", StringComparison.Ordinal), servers.IsTls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,,b")]
    [InlineData("http://host")]
    [InlineData("ws://host")]
    [InlineData("nats://")]
    [InlineData("nats://host/path")]
    [InlineData("nats://host?tls=no")]
    [InlineData("nats://s3same@ho st")]
    [InlineData("host:99999")]
    public void TryParse_NotAServer_SaysWhichWithoutQuotingIt(string url)
    {
        Assert.False(NatsServers.TryParse(new() { Url = url }, out _, out var problem));
        Assert.Contains("Url: address", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("s3same", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tok%2Fen@host", "tok/en", null, null)]
    [InlineData("host,tok@other", "tok", null, null)]
    [InlineData("u%40x:p%3A1@host", null, "u@x", "p:1")]
    [InlineData("host", null, null, null)]
    public void TryParse_CredentialsInUrl_AreTakenOut(string url, string? token, string? user, string? password)
    {
        Assert.True(NatsServers.TryParse(new() { Url = url }, out var servers, out _));
        Assert.Equal((token, user, password), (servers.Token, servers.User, servers.Password));
    }

    [Fact]
    public void TryParse_CredentialsOfTheirOwn_WinOverTheUrl()
    {
        Assert.True(NatsServers.TryParse(new() { Url = "other@host", Token = "token" }, out var servers, out _));
        Assert.Equal(("token", (string?)null), (servers.Token, servers.User));
    }

    [Fact]
    public void TryParse_TlsEnabled_AppliesToEveryAddress()
    {
        Assert.True(NatsServers.TryParse(new() { Url = "nats://a,b", TlsEnabled = true }, out var servers, out _));
        Assert.Equal(["tls://a:4222", "tls://b:4222"], servers.Urls);
    }
}
