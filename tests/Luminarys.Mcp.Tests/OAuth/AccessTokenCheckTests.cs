using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Luminarys.Mcp.Http;

namespace Luminarys.Mcp.OAuth;

/// <summary>Access tokens, good and bad, through the whole front door. A bad one is answered 401 and nothing runs for it.</summary>
public sealed class AccessTokenCheckTests
{
    private static readonly SigningKey s_pss = SigningKey.Rsa("pss-1", "PS256");
    private static readonly SigningKey s_ec = SigningKey.Ec("ec-1");
    private static readonly SigningKey s_ec384 = SigningKey.Ec("ec-2", "ES384");
    private static readonly SigningKey s_stranger = SigningKey.Rsa("rsa-1");
    private static readonly SigningKey s_weak = SigningKey.Rsa("weak", bits: 1024);
    private static readonly SigningKey s_shared = SigningKey.Secret("oct-1", Encoding.ASCII.GetBytes("a secret that the issuer shows by mistake"));
    private static readonly SigningKey[] s_published = [OAuthFixture.Rsa, s_pss, s_ec, s_ec384, s_weak, s_shared];

    private static readonly Dictionary<string, Func<OAuthFixture, string>> s_good = new(StringComparer.Ordinal)
    {
        ["RS256"] = test => OAuthFixture.Rsa.Sign(test.Claims()),
        ["PS256"] = test => s_pss.Sign(test.Claims()),
        ["ES256"] = test => s_ec.Sign(test.Claims()),
        ["ES384"] = test => s_ec384.Sign(test.Claims()),
        ["type JWT"] = test => OAuthFixture.Rsa.Sign(test.Claims(), new() { ["typ"] = "JWT" }),
        ["no type"] = test => OAuthFixture.Rsa.Sign(test.Claims(), new() { ["typ"] = null }),
        ["no key id"] = test => OAuthFixture.Rsa.Sign(test.Claims(), new() { ["kid"] = null }),
        ["one of several audiences"] = test => With(test, "aud", new JsonArray("https://other.example", AuthorizationServer.Audience)),
        ["expired within the skew"] = test => With(test, "exp", test.Now.AddSeconds(-50).ToUnixTimeSeconds()),
        ["valid within the skew"] = test => With(test, "nbf", test.Now.AddSeconds(50).ToUnixTimeSeconds()),
        ["without a beginning"] = test => With(test, "nbf", null),
        ["12 KiB"] = test => With(test, "groups", new string('g', 8 * 1024)),
    };

    private static readonly Dictionary<string, (string Reason, Func<OAuthFixture, string> Make)> s_bad = new(StringComparer.Ordinal)
    {
        ["another issuer"] = ("another issuer", test => With(test, "iss", "https://evil.example")),
        ["an issuer with a slash"] = ("another issuer", test => With(test, "iss", test.Server.Issuer + "/")),
        ["no issuer"] = ("another issuer", test => With(test, "iss", null)),
        ["another audience"] = ("another server", test => With(test, "aud", "https://other.example/mcp")),
        ["a longer audience"] = ("another server", test => With(test, "aud", AuthorizationServer.Audience + "/x")),
        ["an audience with a slash"] = ("another server", test => With(test, "aud", AuthorizationServer.Audience + "/")),
        ["audiences of others"] = ("another server", test => With(test, "aud", new JsonArray("a", "b"))),
        ["no audience"] = ("another server", test => With(test, "aud", null)),
        ["expired"] = ("expired", test => With(test, "exp", test.Now.AddSeconds(-61).ToUnixTimeSeconds())),
        ["no expiry"] = ("expired", test => With(test, "exp", null)),
        ["not yet valid"] = ("not valid yet", test => With(test, "nbf", test.Now.AddSeconds(61).ToUnixTimeSeconds())),
        ["none"] = ("signed in a way", test => SigningKey.None("rsa-1").Sign(test.Claims())),
        ["None"] = ("signed in a way", test => SigningKey.None("rsa-1").As(algorithm: "None").Sign(test.Claims())),
        ["no algorithm"] = ("signed in a way", test => OAuthFixture.Rsa.Sign(test.Claims(), new() { ["alg"] = null })),
        ["HS256 with the public key"] = ("signed in a way", test => SigningKey.Secret("rsa-1", OAuthFixture.Rsa.PublicBytes).Sign(test.Claims())),
        ["HS256 that says RS256"] = ("signature", test => SigningKey.Secret("rsa-1", OAuthFixture.Rsa.PublicBytes).As(algorithm: "RS256").Sign(test.Claims())),
        ["HS256 with a published secret"] = ("signed in a way", test => s_shared.Sign(test.Claims())),
        ["RSA key of 1024 bits"] = ("no such key", test => s_weak.Sign(test.Claims())),
        ["unknown key"] = ("no such key", test => s_stranger.As("unknown").Sign(test.Claims())),
        ["stranger under a known id"] = ("signature", test => s_stranger.Sign(test.Claims())),
        ["key of another id"] = ("signature", test => s_pss.As("rsa-1", "RS256").Sign(test.Claims())),
        ["stranger without a key id"] = ("signature", test => s_stranger.Sign(test.Claims(), new() { ["kid"] = null })),
        ["key inside the token"] = ("signature", test => s_stranger.Sign(test.Claims(), new() { ["jwk"] = s_stranger.Published.DeepClone() })),
        ["place of keys inside the token"] = ("no such key", test => s_stranger.As("x").Sign(test.Claims(), new() { ["jku"] = test.Server.KeySetUrl.OriginalString })),
        ["changed after signing"] = ("signature", test => Swap(test.Token(), test.Claims("files.read shell.run"))),
        ["without signature"] = ("signature", test => test.Token()[..(test.Token().LastIndexOf('.') + 1)]),
        ["unknown extension"] = ("extension", test => OAuthFixture.Rsa.Sign(test.Claims(), new() { ["crit"] = new JsonArray("exp") })),
        ["token that ends a session"] = ("another kind", test => OAuthFixture.Rsa.Sign(test.Claims(), new() { ["typ"] = "logout+jwt" })),
        ["no subject"] = ("no subject", test => With(test, "sub", null)),
        ["long subject"] = ("no subject", test => With(test, "sub", new string('s', 300))),
        ["24 KiB"] = ("not an access token", test => With(test, "groups", new string('g', 18 * 1024))),
        ["five parts"] = ("not an access token", test => test.Token() + ".a.b"),
        ["two parts"] = ("not an access token", _ => "a.b"),
        ["no base64"] = ("not an access token", _ => "!!.??.**"),
        ["no JSON"] = ("not an access token", _ => "AAAA.AAAA.AAAA"),
        ["claims that are a list"] = ("not an access token", _ => $"{Part("""{"alg":"RS256"}""")}.{Part("[]")}.AAAA"),
        ["numbers for texts"] = ("", _ => $"{Part("""{"alg":1,"kid":{}}""")}.{Part("""{"iss":1,"aud":2,"exp":"x"}""")}.AAAA"),
        ["no token at all"] = ("", _ => "wrong"),
    };

    public static TheoryData<string> Good => [.. s_good.Keys];

    public static TheoryData<string> Bad => [.. s_bad.Keys];

    [Theory]
    [MemberData(nameof(Good))]
    public async Task CheckAsync_GoodToken_IsServed(string name)
    {
        await using var test = await OAuthFixture.StartAsync(keys: s_published);

        var (status, answer) = await test.CallAsync(s_good[name](test));

        Assert.True(status == 200, $"{name}: {answer}");
        Assert.Single(test.Edge.Invoker.Calls);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task CheckAsync_BadToken_DoesNoWork(string name)
    {
        await using var test = await OAuthFixture.StartAsync(keys: s_published);
        var token = s_bad[name].Make(test);

        var (status, answer) = await test.CallAsync(token);

        Assert.True(status == 401, $"{name}: {answer}");
        Assert.Contains("error=\"invalid_token\", error_description=\"", answer, StringComparison.Ordinal);
        Assert.Contains(s_bad[name].Reason, answer, StringComparison.Ordinal);
        Assert.DoesNotContain(token, answer, StringComparison.Ordinal);
        Assert.Empty(test.Edge.Invoker.Calls);
    }

    [Theory]
    [InlineData("another issuer")]
    [InlineData("another audience")]
    [InlineData("expired")]
    [InlineData("not yet valid")]
    [InlineData("stranger under a known id")]
    [InlineData("unknown key")]
    [InlineData("changed after signing")]
    [InlineData("HS256 with a published secret")]
    [InlineData("none")]
    public async Task Defence_TakenDown_LetsTheStrangerIn(string name)
    {
        var defences = name switch
        {
            "another issuer" => new EdgeDefences { Issuer = false },
            "another audience" => new() { Audience = false },
            "expired" or "not yet valid" => new() { Lifetime = false },
            "HS256 with a published secret" => new() { Algorithm = false },
            "none" => new() { Algorithm = false, Signature = false },
            _ => new EdgeDefences { Signature = false },
        };
        await using var test = await OAuthFixture.StartAsync(defences, s_published);

        var (status, answer) = await test.CallAsync(s_bad[name].Make(test));

        Assert.True(status == 200, $"{name}: {answer}");
        Assert.Single(test.Edge.Invoker.Calls);
    }

    [Fact]
    public async Task CheckAsync_MutatedTokens_AreNeverAServerError()
    {
        await using var test = await OAuthFixture.StartAsync();
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var i = 0; i < 300; i++)
        {
            var parts = test.Token().Split('.');
            var at = random.Next(3);
            var bytes = Base64Url.DecodeFromChars(parts[at]);
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            parts[at] = Base64Url.EncodeToString(bytes);

            var (status, answer) = await test.CallAsync(string.Join('.', parts));

            // One bit of a header may be one that does not count, such as the case of its type.
            Assert.True(status is 401 or 429 || (status == 200 && at == 0), $"seed {seed}, part {at}: {answer}");
        }

        Assert.Equal(200, (await test.CallAsync(test.Token())).Status);
    }

    [Fact]
    public async Task Principal_IsSubjectAndIssuer_AndNothingOfTheTokenGoesOn()
    {
        await using var test = await OAuthFixture.StartAsync();
        var token = test.Token("a b");

        await test.CallAsync(token);

        var call = Assert.Single(test.Edge.Invoker.Calls);
        Assert.DoesNotContain(token, call.ToString() + Encoding.Latin1.GetString(call.Payload.Span), StringComparison.Ordinal);
    }

    private static string With(OAuthFixture test, string claim, JsonNode? value)
    {
        var claims = test.Claims();
        if (value is null)
        {
            claims.Remove(claim);
        }
        else
        {
            claims[claim] = value;
        }

        return OAuthFixture.Rsa.Sign(claims);
    }

    private static string Swap(string token, JsonObject claims)
    {
        var parts = token.Split('.');
        return $"{parts[0]}.{Part(claims.ToJsonString())}.{parts[2]}";
    }

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
