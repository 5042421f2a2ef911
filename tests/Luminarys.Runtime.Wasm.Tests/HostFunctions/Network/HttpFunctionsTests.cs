using System.IO.Compression;
using System.Text;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Runtime.Wasm.HostFunctions.Network;
using static Luminarys.Runtime.Wasm.Tests.HostFunctions.Network.NetworkHarness;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Network;

public sealed class HttpFunctionsTests
{
    private static readonly string[] s_cookieKeys = ["name", "value", "domain", "path", "secure", "httponly"];

    [Fact]
    public async Task Get_Answer_HasStatusHeadersCookiesAndBody()
    {
        await using var server = TestServer.Http((_, _) => TestServer.Answer(
            "404 Not Found\r\nx-b: 2\r\nX-A: 1\r\nx-b: 1\r\nETag: q\r\nSet-Cookie: s=\"1\"; Path=/x; Domain=.EXAMPLE.com; Max-Age=0; Secure; HttpOnly\r\nSet-Cookie: t=2", "gone"));
        await using var harness = new NetworkHarness();

        var answer = await harness.AskAsync("http_get", ("url", $"http://127.0.0.1:{server.Port}/x"), ("timeout_ms", 0), ("max_bytes", 0));

        Assert.Equal(404, Convert.ToInt32(answer["status"]));
        Assert.Equal(
            ["Content-Length: 4", "Etag: q", "Set-Cookie: s=\"1\"; Path=/x; Domain=.EXAMPLE.com; Max-Age=0; Secure; HttpOnly", "Set-Cookie: t=2", "X-A: 1", "X-B: 2", "X-B: 1"],
            HeadersOf(answer));
        var cookies = ((object[])answer["cookies"]).Cast<Dictionary<object, object>>().ToArray();
        Assert.Equal("s 1 example.com /x True True", string.Join(' ', s_cookieKeys.Select(key => cookies[0][key])));
        Assert.Equal(0, Convert.ToInt32(cookies[1]["expires"]));
        Assert.Equal("gone"u8.ToArray(), answer["body"]);
        Assert.Equal(false, answer["truncated"]);
    }

    [Fact]
    public async Task Get_Request_CarriesNothingOfTheHost()
    {
        await using var server = TestServer.Http((_, _) => TestServer.Answer("200 OK"));
        await using var harness = new NetworkHarness();

        await harness.AskAsync("http_get", ("url", $"http://127.0.0.1:{server.Port}/a/../b?c#d"));

        Assert.Equal($"GET /b?c HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\nUser-Agent: luminarys\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n", Assert.Single(server.Requests));
    }

    [Theory]
    [InlineData("", "application/octet-stream")]
    [InlineData("application/json", "application/json")]
    public async Task Post_Body_IsSentWithItsType(string given, string sent)
    {
        var received = "";
        await using var server = TestServer.Http((_, body) =>
        {
            received = Encoding.UTF8.GetString(body);
            return TestServer.Answer("201 Created");
        });
        await using var harness = new NetworkHarness();

        var answer = await harness.AskAsync("http_post", ("url", $"http://127.0.0.1:{server.Port}/"), ("body", "{}"u8.ToArray()), ("content_type", given));

        Assert.Equal(201, Convert.ToInt32(answer["status"]));
        Assert.Equal("{}", received);
        Assert.Contains($"Content-Type: {sent}\r\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_Headers_AreSentInTheirOrder()
    {
        await using var server = TestServer.Http((_, _) => TestServer.Answer("200 OK"));
        await using var harness = new NetworkHarness();

        await RequestAsync(harness, server.Port, ("method", "delete"), ("headers", new[]
        {
            Header("Z-Last", "1"), Header("Authorization", "Bearer k"), Header("A-First", "ü"), Header("Z-Last", "2"), Header("user-agent", "mine"), Header("Cookie", "a=1"),
        }), ("cookies", new[] { Header("b", "2") }));

        var lines = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(Assert.Single(server.Requests))).Split("\r\n");
        Assert.StartsWith("DELETE / ", lines[0], StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["Z-Last: 1, 2", "Authorization: Bearer k", "A-First: ü", "User-Agent: mine", "Accept-Encoding: gzip, deflate, br", "Cookie: a=1; b=2"], lines[2..8]);
        Assert.DoesNotContain(lines, line => line.StartsWith("Content-Type", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Host", "other.example")]
    [InlineData("Content-Length", "5")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("Connection", "Upgrade")]
    [InlineData("Upgrade", "h2c")]
    [InlineData("TE", "trailers")]
    [InlineData("Trailer", "X")]
    [InlineData("Proxy-Authorization", "x")]
    [InlineData("Proxy-Connection", "keep-alive")]
    [InlineData("Expect", "100-continue")]
    [InlineData("X", "a\r\nInjected: 1")]
    [InlineData("X", "a\nb")]
    [InlineData("X", "a\0b")]
    [InlineData("X\r\nY", "a")]
    [InlineData("X: Y", "a")]
    [InlineData("", "a")]
    [InlineData("Ünicode", "a")]
    public async Task S3_Request_HeaderThatWouldFrameTheMessage_IsRefused(string name, string value)
    {
        await using var server = TestServer.Http((_, _) => TestServer.Answer("200 OK"));
        await using var harness = new NetworkHarness();

        var answer = await RequestAsync(harness, server.Port, ("headers", new[] { Header(name, value) }));

        Assert.StartsWith("invalid argument: headers", (string)answer["error"], StringComparison.Ordinal);
        Assert.Equal(0, server.Accepted);
    }

    [Fact]
    public async Task S3_Request_SwitchedOff_ForeignProxyHeaderIsSent()
    {
        await using var server = TestServer.Http((_, _) => TestServer.Answer("200 OK"));
        await using var harness = new NetworkHarness { Setting = new() { Defences = new() { RefusesHeaders = false } } };

        await RequestAsync(harness, server.Port, ("headers", new[] { Header("Proxy-Authorization", "x") }));

        Assert.Contains("Proxy-Authorization: x", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_HeadersThatSayWhatTheHostDoes_AreAccepted()
    {
        await using var server = TestServer.Http((_, _) => TestServer.Answer("200 OK"));
        await using var harness = new NetworkHarness();

        var answer = await RequestAsync(harness, server.Port, ("method", "POST"), ("body", "abc"u8.ToArray()), ("headers", new[]
        {
            Header("Host", $"127.0.0.1:{server.Port}"), Header("Content-Length", "3"), Header("Connection", "keep-alive"), Header("Content-Type", "text/plain"),
        }));

        Assert.Equal(200, Convert.ToInt32(answer["status"]));
        Assert.Equal(1, Assert.Single(server.Requests).Split("Content-Length: 3").Length - 1);
    }

    [Theory]
    [InlineData("CONNECT")]
    [InlineData("TRACE")]
    [InlineData("GET /x HTTP/1.1\r\nX:")]
    public async Task Request_MethodThatIsNone_IsRefused(string method)
    {
        await using var harness = new NetworkHarness();

        Assert.StartsWith("invalid argument: method", await harness.ErrorOfAsync("http_request", ("method", method), ("url", "http://127.0.0.1/")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ws://127.0.0.1/")]
    [InlineData("http://a@127.0.0.1/")]
    [InlineData("")]
    public async Task Get_UrlThatIsNone_IsRefused(string url)
    {
        await using var harness = new NetworkHarness();

        Assert.StartsWith("invalid argument: url: ", await harness.ErrorOfAsync("http_get", ("url", url)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_NothingGranted_IsDeniedAndSaysWhatWouldAllowIt()
    {
        await using var harness = new NetworkHarness { Permissions = new() { Http = new(["https://a.example/**"], 0, false) } };

        Assert.Equal(PermissionGate.Denied, await harness.ErrorOfAsync("http_get", ("url", "http://b.example/?token=1")));

        Assert.Contains("""http_get of http://b.example/?… to skill guest""", harness.Denial, StringComparison.Ordinal);
        Assert.Contains("""to allow it, write permissions.http.allowlist: ["http://b.example/**"]""", harness.Denial, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 1048576)]
    [InlineData(100, 0, 100)]
    [InlineData(0, 200, 200)]
    [InlineData(300, 200, 200)]
    [InlineData(100, 200, 100)]
    [InlineData(-1, 0, 1048576)]
    public async Task Get_LongBody_IsCutAtTheSmallestLimit(int maxBytes, int manifest, int expected)
    {
        await using var server = TestServer.Http((_, _) => TestServer.Answer("200 OK", new byte[2_000_000]));
        await using var harness = new NetworkHarness { Permissions = new() { Http = new(["**"], manifest, false) } };

        var answer = await harness.AskAsync("http_get", ("url", $"http://127.0.0.1:{server.Port}/"), ("max_bytes", maxBytes));

        Assert.Equal(expected, ((byte[])answer["body"]).Length);
        Assert.Equal(true, answer["truncated"]);
    }

    [Fact]
    public async Task Get_BodyOfExactlyTheLimit_IsNotTruncated()
    {
        await using var server = TestServer.Http((_, _) => TestServer.Answer("200 OK", "12345"));
        await using var harness = new NetworkHarness();

        Assert.Equal(false, (await harness.AskAsync("http_get", ("url", $"http://127.0.0.1:{server.Port}/"), ("max_bytes", 5)))["truncated"]);
    }

    [Fact]
    public async Task Get_SmallGuest_GetsABodyThatItsMemoryHolds()
    {
        await using var server = TestServer.Http((_, _) => TestServer.Answer("200 OK", new byte[1_000_000]));
        await using var harness = new NetworkHarness { Limits = SkillLimits.Default with { MemoryMegabytes = 2 } };

        var answer = await harness.AskAsync("http_get", ("url", $"http://127.0.0.1:{server.Port}/"), ("max_bytes", 1_000_000));

        Assert.Equal((512 - 192) * 1024, ((byte[])answer["body"]).Length);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("raw-deflate")]
    public async Task Get_CompressedBody_IsDecodedAndItsHeadersDropped(string encoding)
    {
        await using var server = TestServer.Http((_, _) => TestServer.Answer($"200 OK\r\nContent-Encoding: {encoding.Replace("raw-", "", StringComparison.Ordinal)}", Compress(encoding, "hello"u8.ToArray())));
        await using var harness = new NetworkHarness();

        var answer = await harness.AskAsync("http_get", ("url", $"http://127.0.0.1:{server.Port}/"));

        Assert.Equal("hello"u8.ToArray(), answer["body"]);
        Assert.Empty(HeadersOf(answer));
    }

    [Fact]
    public async Task Get_UnknownOrStackedEncoding_IsLeftToTheSkill()
    {
        await using var server = TestServer.Http((_, _) => TestServer.Answer("200 OK\r\nContent-Encoding: gzip, br", "raw"));
        await using var harness = new NetworkHarness();

        var answer = await harness.AskAsync("http_get", ("url", $"http://127.0.0.1:{server.Port}/"));

        Assert.Equal("raw"u8.ToArray(), answer["body"]);
        Assert.Contains("Content-Encoding: gzip, br", HeadersOf(answer));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Get_DamagedCompression_IsAnError(string encoding)
    {
        await using var server = TestServer.Http((_, _) => TestServer.Answer($"200 OK\r\nContent-Encoding: {encoding}", "xx is not compressed at all"));
        await using var harness = new NetworkHarness();

        Assert.Equal("io: the compressed body is damaged", await harness.ErrorOfAsync("http_get", ("url", $"http://127.0.0.1:{server.Port}/")));
    }

    [Fact]
    public async Task Get_BrotliThatIsDamagedInTheMiddle_IsAnError()
    {
        var body = Compress("br", Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, 50_000))));
        Array.Fill(body, (byte)0xff, body.Length / 2, body.Length / 4);
        await using var server = TestServer.Http((_, _) => TestServer.Answer("200 OK\r\nContent-Encoding: br", body));
        await using var harness = new NetworkHarness();

        Assert.Equal("io: the compressed body is damaged", await harness.ErrorOfAsync("http_get", ("url", $"http://127.0.0.1:{server.Port}/")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task S9_Get_BodyThatExplodes_IsCutByItsRatio(bool guards)
    {
        await using var server = TestServer.Http((_, _) => TestServer.Answer("200 OK\r\nContent-Encoding: gzip", Compress("gzip", new byte[4_000_000])));
        await using var harness = new NetworkHarness
        {
            Setting = new() { Defences = new() { GuardsRatio = guards } },
            Permissions = new() { Http = new(["**"], 8_000_000, false) },
        };

        var answer = await harness.AskAsync("http_get", ("url", $"http://127.0.0.1:{server.Port}/"));

        Assert.Equal(guards, answer["truncated"]);
        Assert.Equal(guards, ((byte[])answer["body"]).Length < 1_000_000);
    }

    [Fact]
    public async Task S9_Get_HugeHead_IsRefused()
    {
        await using var server = TestServer.Http((_, _) => TestServer.Answer($"200 OK\r\nX: {new string('x', 70_000)}", ""));
        await using var harness = new NetworkHarness();

        Assert.Equal("io: the headers of the answer are too large", await harness.ErrorOfAsync("http_get", ("url", $"http://127.0.0.1:{server.Port}/")));
    }

    [Fact]
    public async Task Head_Answer_HasNoBody()
    {
        await using var server = TestServer.Http((_, _) => Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"));
        await using var harness = new NetworkHarness();

        var answer = await RequestAsync(harness, server.Port, ("method", "HEAD"));

        Assert.Empty((byte[])answer["body"]);
        Assert.Contains("Content-Length: 500", HeadersOf(answer));
    }

    [Fact]
    public async Task Get_ServerThatSaysNothing_TimesOut()
    {
        await using var server = new TestServer(async (_, token) => await Task.Delay(Timeout.Infinite, token));
        await using var harness = new NetworkHarness();

        Assert.Equal("timeout after 200 ms", await harness.ErrorOfAsync("http_get", ("url", $"http://127.0.0.1:{server.Port}/"), ("timeout_ms", 200)));
    }

    [Theory]
    [InlineData(0, 30_000)]
    [InlineData(-5, 30_000)]
    [InlineData(5_000, 5_000)]
    [InlineData(999_999_999, 300_000)]
    public async Task Get_TimeLimit_HasADefaultAndAnEnd(long asked, int expected)
    {
        var clock = new FakeClock();
        var connected = new TaskCompletionSource();
        await using var server = new TestServer(async (_, token) =>
        {
            connected.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
        await using var harness = new NetworkHarness { Time = clock };

        var asking = harness.ErrorOfAsync("http_get", ("url", $"http://127.0.0.1:{server.Port}/"), ("timeout_ms", asked));
        await connected.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromMilliseconds(expected - 1));
        Assert.False(asking.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal($"timeout after {expected} ms", await asking.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Get_Refused_SaysSo()
    {
        var server = TestServer.Http((_, _) => []);
        var port = server.Port;
        await server.DisposeAsync();
        await using var harness = new NetworkHarness { Setting = new() { Resolver = new TestResolver() } };

        Assert.Equal("io: connection refused", await harness.ErrorOfAsync("http_get", ("url", $"http://127.0.0.1:{port}/")));
        Assert.Equal("io: host not found", await harness.ErrorOfAsync("http_get", ("url", "http://nowhere.example/")));
    }

    [Fact]
    public async Task Get_AnswerThatIsNotHttp_IsAnError()
    {
        await using var server = new TestServer(async (stream, token) => await stream.WriteAsync("SSH-2.0-x\r\n"u8.ToArray(), token));
        await using var harness = new NetworkHarness();

        Assert.StartsWith("io: ", await harness.ErrorOfAsync("http_get", ("url", $"http://127.0.0.1:{server.Port}/")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_Jar_KeepsCookiesForTheirHostAndPath()
    {
        await using var server = TestServer.Http((head, _) => TestServer.Answer(
            head.Contains(" /login ", StringComparison.Ordinal)
                ? "200 OK\r\nSet-Cookie: a=1; Path=/\r\nSet-Cookie: b=2; Path=/deep\r\nSet-Cookie: c=3; Secure; Path=/\r\nSet-Cookie: d=4; Max-Age=60; Path=/"
                : "200 OK"));
        var resolver = new TestResolver(("a.example", ["127.0.0.1"]), ("b.example", ["127.0.0.1"]));
        await using var harness = new NetworkHarness { Setting = new() { Resolver = resolver } };

        await harness.AskAsync("http_request", ("url", $"http://a.example:{server.Port}/login"), ("use_jar", true));
        foreach (var (url, jar) in new[] { ("a.example:{0}/", true), ("a.example:{0}/deep/x", true), ("a.example:{0}/deeper", true), ("b.example:{0}/", true), ("a.example:{0}/", false) })
        {
            await harness.AskAsync("http_request", ("url", "http://" + url.Replace("{0}", $"{server.Port}", StringComparison.Ordinal)), ("use_jar", jar));
        }

        Assert.Equal(["", "a=1; d=4", "b=2; a=1; d=4", "a=1; d=4", "", ""], server.Requests.Select(CookieOf));
    }

    [Fact]
    public async Task Get_MoreThan16AtOnce_Wait()
    {
        var release = new TaskCompletionSource();
        await using var server = new TestServer(async (stream, token) =>
        {
            while (await stream.ReadAsync(new byte[4096], token) > 0)
            {
                await release.Task.WaitAsync(token);
                await stream.WriteAsync(TestServer.Answer("200 OK"), token);
            }
        });
        await using var harness = new NetworkHarness();

        var asking = Enumerable.Range(0, 17).Select(_ => harness.AskAsync("http_get", ("url", $"http://127.0.0.1:{server.Port}/"))).ToArray();
        await Poll.UntilAsync(() => server.Accepted == 16);
        Assert.Equal("timeout after 100 ms", await harness.ErrorOfAsync("http_get", ("url", $"http://127.0.0.1:{server.Port}/"), ("timeout_ms", 100)));
        Assert.Equal(16, server.Accepted);
        release.SetResult();

        Assert.All(await Task.WhenAll(asking), answer => Assert.Equal(200, Convert.ToInt32(answer["status"])));
    }

    [Fact]
    public async Task Request_HeadersOfMoreThan64Kibibytes_AreRefused()
    {
        await using var harness = new NetworkHarness();
        var headers = Enumerable.Range(0, 100).Select(index => Header($"X-{index}", new string('x', 700))).ToArray();

        Assert.Equal("invalid argument: headers: larger than 65536 bytes", await harness.ErrorOfAsync("http_request", ("url", "http://127.0.0.1/"), ("headers", headers)));
    }

    private static Task<Dictionary<object, object>> RequestAsync(NetworkHarness harness, int port, params (string Key, object? Value)[] fields) =>
        harness.AskAsync("http_request", [("url", $"http://127.0.0.1:{port}/"), .. fields]);

    private static string[] HeadersOf(Dictionary<object, object> answer) =>
        [.. ((object[])answer["headers"]).Cast<Dictionary<object, object>>().Select(header => $"{header["name"]}: {header["value"]}")];

    private static string CookieOf(string head) =>
        head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Cookie: ", StringComparison.Ordinal)) is { } line ? line[8..] : "";

    private static byte[] Compress(string encoding, byte[] body)
    {
        var target = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(target, CompressionLevel.Optimal),
            "br" => new BrotliStream(target, CompressionLevel.Optimal),
            "deflate" => new ZLibStream(target, CompressionLevel.Optimal),
            _ => new DeflateStream(target, CompressionLevel.Optimal),
        })
        {
            stream.Write(body);
        }

        return target.ToArray();
    }
}
