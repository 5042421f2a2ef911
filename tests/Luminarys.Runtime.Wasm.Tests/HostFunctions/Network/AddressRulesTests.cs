using System.Net;
using System.Net.Sockets;
using System.Text;
using Luminarys.Permissions;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Runtime.Wasm.HostFunctions.Network;
using static Luminarys.Runtime.Wasm.Tests.HostFunctions.Network.NetworkHarness;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Network;

/// <summary>
/// S-3 and S-4 on real sockets. The forbidden place is another loopback address with the same port, reachable in fact and denied as an own endpoint, or a
/// metadata address.
/// </summary>
public sealed class AddressRulesTests
{
    private const string Forbidden = "127.0.0.2";

    [Theory]
    [InlineData("http_get")]
    [InlineData("tcp_request")]
    [InlineData("tcp_connect")]
    [InlineData("ws_connect")]
    public async Task S3_SecondDnsAnswer_IsNeverAskedFor(string function)
    {
        await using var forbidden = TestServer.Http((_, _) => TestServer.Answer("200 OK", "secret"), Forbidden);
        await using var permitted = TestServer.Http((_, _) => TestServer.Answer("200 OK", "public"), "127.0.0.1", forbidden.Port);
        await using var dns = new RebindingDnsServer("127.0.0.1", Forbidden);
        await using var harness = new NetworkHarness { Setting = new() { Resolver = dns } };

        await AskAsync(harness, function, $"rebind.example:{forbidden.Port}");

        Assert.Equal((1, 0, 1), (dns.Questions, forbidden.Accepted, permitted.Accepted));
    }

    [Theory]
    [InlineData("http_get")]
    [InlineData("tcp_request")]
    [InlineData("tcp_connect")]
    [InlineData("ws_connect")]
    public async Task S3_SecondDnsAnswer_WithoutPinning_ReachesTheForbiddenServer(string function)
    {
        await using var forbidden = TestServer.Http((_, _) => TestServer.Answer("200 OK", "secret"), Forbidden);
        await using var permitted = TestServer.Http((_, _) => TestServer.Answer("200 OK", "public"), "127.0.0.1", forbidden.Port);
        await using var dns = new RebindingDnsServer("127.0.0.1", Forbidden);
        await using var harness = new NetworkHarness { Setting = new() { Resolver = dns, Defences = new() { PinsAddresses = false } } };

        await AskAsync(harness, function, $"rebind.example:{forbidden.Port}");

        Assert.Equal((2, 1, 0), (dns.Questions, forbidden.Accepted, permitted.Accepted));
    }

    [Theory]
    [InlineData("http_get")]
    [InlineData("http_post")]
    [InlineData("http_request")]
    [InlineData("tcp_request")]
    [InlineData("tcp_connect")]
    [InlineData("ws_connect")]
    public async Task S4_NameThatResolvesToMetadata_IsDenied(string function)
    {
        foreach (var answer in new[] { "169.254.169.254", "8.8.8.8,169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "fd00:ec2::254", "fe80::1", "127.0.0.1,0.0.0.0" })
        {
            await using var harness = new NetworkHarness { Setting = new() { Resolver = new TestResolver(("a.example", [answer])) } };

            Assert.Equal(PermissionGate.Denied, (string)(await AskAsync(harness, function, "a.example:80"))["error"]);
            Assert.Contains("fixed rule", harness.Denial, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http_get")]
    [InlineData("tcp_request")]
    [InlineData("tcp_connect")]
    [InlineData("ws_connect")]
    public async Task S4_MetadataByNameOrAddress_IsDeniedWithoutALookup(string function)
    {
        foreach (var host in new[] { "169.254.169.254", "2852039166", "0xa9fea9fe", "[::ffff:a9fe:a9fe]", "metadata.google.internal", "METADATA.", "[fd00:ec2::254]" })
        {
            var resolver = new TestResolver();
            await using var harness = new NetworkHarness { Setting = new() { Resolver = resolver } };

            Assert.Equal(PermissionGate.Denied, (string)(await AskAsync(harness, function, $"{host}:80"))["error"]);
            Assert.Empty(resolver.Asked);
        }
    }

    [Theory]
    [InlineData("http_get", true)]
    [InlineData("tcp_request", true)]
    [InlineData("tcp_connect", true)]
    [InlineData("ws_connect", true)]
    [InlineData("http_get", false)]
    [InlineData("tcp_request", false)]
    [InlineData("tcp_connect", false)]
    [InlineData("ws_connect", false)]
    public async Task S3_OwnEndpointByAnyNameAndAddress_IsReachedOnlyWithoutTheDefence(string function, bool judges)
    {
        await using var bus = TestServer.Http((_, _) => TestServer.Answer("200 OK"));
        var resolver = new TestResolver(("a.example", ["127.0.0.1"]), ("localhost", ["127.0.0.1"]));
        foreach (var host in new[] { "127.0.0.1", "a.example", "localhost", "2130706433", "[::ffff:127.0.0.1]" })
        {
            var before = bus.Accepted;
            await using var harness = new NetworkHarness { Setting = new() { Resolver = resolver, Defences = new() { JudgesAddresses = judges } } };
            harness.Options.OwnEndpoints.Add($"0.0.0.0:{bus.Port}");

            var answer = await AskAsync(harness, function, $"{host}:{bus.Port}");

            Assert.Equal(judges, answer.TryGetValue("error", out var error) && (string)error == PermissionGate.Denied);
            Assert.Equal(judges ? before : before + 1, bus.Accepted);
        }
    }

    [Fact]
    public async Task S3_OwnEndpoint_NamedByTheManifest_IsReached()
    {
        await using var bus = TestServer.Http((_, _) => TestServer.Answer("200 OK"));
        await using var harness = new NetworkHarness { Permissions = new() { Http = new([$"http://127.0.0.1:{bus.Port}/**"], 0, false) } };
        harness.Options.OwnEndpoints.Add($"127.0.0.1:{bus.Port}");

        Assert.Equal(200, Convert.ToInt32((await harness.AskAsync("http_get", ("url", $"http://127.0.0.1:{bus.Port}/")))["status"]));
    }

    [Fact]
    public async Task S3_OwnEndpointByItsName_IsComparedByItsAddressesToo()
    {
        await using var bus = TestServer.Http((_, _) => TestServer.Answer("200 OK"), "127.0.0.3");
        var resolver = new TestResolver(("bus.example", ["127.0.0.3"]), ("alias.example", ["127.0.0.3"]));
        await using var harness = new NetworkHarness { Setting = new() { Resolver = resolver } };
        harness.Options.OwnEndpoints.Add($"bus.example:{bus.Port}");

        Assert.Equal(PermissionGate.Denied, await harness.ErrorOfAsync("http_get", ("url", $"http://alias.example:{bus.Port}/")));
        Assert.Equal(0, bus.Accepted);
    }

    [Fact]
    public async Task Tcp_EmptyAllowlist_ReachesInternalAddressesUnlessHardened()
    {
        await using var server = new TestServer(async (stream, token) => await stream.WriteAsync("hi"u8.ToArray(), token));
        foreach (var hardened in new[] { false, true })
        {
            await using var harness = new NetworkHarness { Permissions = new() { Tcp = new([], InternalAddresses: true) } };
            harness.Options.DenyInternalNetwork = hardened;

            var answer = await harness.AskAsync("tcp_request", ("addr", $"127.0.0.1:{server.Port}"));

            Assert.Equal(hardened, answer.ContainsKey("error"));
        }
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task S3_Redirect_ToWhatIsNotGranted_IsRefused(int status)
    {
        await using var forbidden = TestServer.Http((_, _) => TestServer.Answer("200 OK", "secret"), Forbidden);
        foreach (var location in new[]
        {
            $"http://{Forbidden}:{forbidden.Port}/", $"//{Forbidden}:{forbidden.Port}/", $"http://2130706434:{forbidden.Port}/", $"http://b.example:{forbidden.Port}/",
            "http://169.254.169.254/latest/meta-data/", "http://metadata.google.internal/", "http://[::ffff:169.254.169.254]/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_x",
            "ftp://a.example/", "ws://127.0.0.1/", "javascript:alert(1)", "data:text/plain,x", "http://a.example@127.0.0.2/", "http:\\\\127.0.0.2\\", "\\\\127.0.0.2\\x", "http://",
        })
        {
            await using var server = TestServer.Http((_, _) => TestServer.Answer($"{status} Moved\r\nLocation: {location}"));
            var resolver = new TestResolver(("a.example", ["127.0.0.1"]), ("b.example", [Forbidden]));
            await using var harness = new NetworkHarness
            {
                Setting = new() { Resolver = resolver },
                Permissions = new() { Http = new([$"http://a.example:{server.Port}/**"], 0, true) },
            };

            Assert.Equal(
                (location, PermissionGate.Denied),
                (location, await harness.ErrorOfAsync("http_request", ("url", $"http://a.example:{server.Port}/"), ("follow_redirects", true))));
            Assert.Equal(PermissionGate.Denied, await harness.ErrorOfAsync("http_get", ("url", $"http://a.example:{server.Port}/")));
            Assert.Equal(0, forbidden.Accepted);
        }
    }

    [Fact]
    public async Task S3_Redirect_ToLoopback_WithoutTheDefence_ReachesTheForbiddenServer()
    {
        await using var forbidden = TestServer.Http((_, _) => TestServer.Answer("200 OK", "secret"), Forbidden);
        await using var server = TestServer.Http((_, _) => TestServer.Answer($"302 Found\r\nLocation: http://{Forbidden}:{forbidden.Port}/"));
        await using var harness = new NetworkHarness
        {
            Setting = new() { Defences = new() { JudgesRedirects = false } },
            Permissions = new() { Http = new([$"http://127.0.0.1:{server.Port}/**"], 0, true) },
        };

        Assert.Equal("secret"u8.ToArray(), (await harness.AskAsync("http_get", ("url", $"http://127.0.0.1:{server.Port}/")))["body"]);
    }

    [Fact]
    public async Task S3_Redirect_ToANameThatRebinds_IsResolvedAndPinnedAnew()
    {
        await using var forbidden = TestServer.Http((_, _) => TestServer.Answer("200 OK", "secret"), Forbidden);
        await using var server = TestServer.Http(
            (head, _) => head.Contains("/x", StringComparison.Ordinal) ? TestServer.Answer("200 OK", "public") : TestServer.Answer("302 Found\r\nConnection: close\r\nLocation: /x"), "127.0.0.1", forbidden.Port);
        var resolver = new TestResolver(("a.example", ["127.0.0.1", "169.254.169.254"]));
        await using var harness = new NetworkHarness { Setting = new() { Resolver = resolver } };

        Assert.Equal(PermissionGate.Denied, await harness.ErrorOfAsync("http_get", ("url", $"http://a.example:{server.Port}/")));
    }

    [Fact]
    public async Task S3_PooledConnection_IsNotUsedOnceTheNameMeansAnotherPlace()
    {
        await using var server = TestServer.Http((_, _) => TestServer.Answer("200 OK"));
        var resolver = new TestResolver(("a.example", ["127.0.0.1", "127.0.0.1", "169.254.169.254"]));
        await using var harness = new NetworkHarness { Setting = new() { Resolver = resolver } };
        var url = $"http://a.example:{server.Port}/";

        Assert.Equal(200, Convert.ToInt32((await harness.AskAsync("http_get", ("url", url)))["status"]));
        Assert.Equal(200, Convert.ToInt32((await harness.AskAsync("http_get", ("url", url)))["status"]));
        Assert.Equal(1, server.Accepted);

        Assert.Equal(PermissionGate.Denied, await harness.ErrorOfAsync("http_get", ("url", url)));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task S3_PooledConnection_ServesNoOtherNamePortOrSkill()
    {
        await using var server = TestServer.Http((_, _) => TestServer.Answer("200 OK"));
        await using var other = TestServer.Http((_, _) => TestServer.Answer("200 OK"));
        var resolver = new TestResolver(("a.example", ["127.0.0.1"]), ("b.example", ["127.0.0.1"]));
        await using var harness = new NetworkHarness { Setting = new() { Resolver = resolver } };
        await using var stranger = new NetworkHarness { Setting = new() { Resolver = resolver } };

        await harness.AskAsync("http_get", ("url", $"http://a.example:{server.Port}/"));
        await harness.AskAsync("http_get", ("url", $"http://b.example:{server.Port}/"));
        await harness.AskAsync("http_get", ("url", $"http://a.example:{other.Port}/"));
        await stranger.AskAsync("http_get", ("url", $"http://a.example:{server.Port}/"));

        Assert.Equal((3, 1), (server.Accepted, other.Accepted));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task S3_ProxyOfTheEnvironment_IsUsedOnlyWithoutTheDefence(bool ignores)
    {
        await using var proxy = TestServer.Http((_, _) => TestServer.Answer("200 OK", "proxy"));
        await using var server = TestServer.Http((_, _) => TestServer.Answer("200 OK", "server"));
        string[] names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
        var before = HttpClient.DefaultProxy;
        try
        {
            foreach (var name in names)
            {
                Environment.SetEnvironmentVariable(name, $"http://127.0.0.1:{proxy.Port}");
            }

            // The framework reads the environment once in a process; what it would have read is set as well.
            HttpClient.DefaultProxy = new WebProxy($"http://127.0.0.1:{proxy.Port}");
            await using var harness = new NetworkHarness { Setting = new() { Defences = new() { IgnoresProxies = ignores } } };

            var answer = await harness.AskAsync("http_get", ("url", $"http://127.0.0.1:{server.Port}/"));

            Assert.Equal(ignores ? "server" : "proxy", Encoding.UTF8.GetString((byte[])answer["body"]));
            Assert.Equal(ignores ? 0 : 1, proxy.Accepted);
        }
        finally
        {
            HttpClient.DefaultProxy = before;
            foreach (var name in names)
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task S3_Redirect_ToAnotherOrigin_LosesCredentials(bool drops)
    {
        await using var other = TestServer.Http((_, _) => TestServer.Answer("200 OK"));
        await using var server = TestServer.Http((head, _) => TestServer.Answer(
            head.Contains("/a ", StringComparison.Ordinal) ? "302 Found\r\nLocation: /b" : $"302 Found\r\nLocation: http://127.0.0.1:{other.Port}/c"));
        await using var harness = new NetworkHarness { Setting = new() { Defences = new() { DropsCredentials = drops } } };

        await harness.AskAsync(
            "http_request",
            ("url", $"http://127.0.0.1:{server.Port}/a"),
            ("follow_redirects", true),
            ("headers", new[] { Header("Authorization", "Bearer k"), Header("Cookie", "x=1"), Header("X-Kept", "y") }),
            ("cookies", new[] { Header("z", "2") }));

        Assert.All(server.Requests, head => Assert.Contains("Authorization: Bearer k", head, StringComparison.Ordinal));
        Assert.All(server.Requests, head => Assert.Contains("Cookie: x=1; z=2", head, StringComparison.Ordinal));
        var last = Assert.Single(other.Requests);
        Assert.Equal(!drops, last.Contains("Bearer k", StringComparison.Ordinal));
        Assert.Equal(!drops, last.Contains("Cookie:", StringComparison.Ordinal));
        Assert.Contains("X-Kept: y", last, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(301, "POST", "GET", "")]
    [InlineData(302, "POST", "GET", "")]
    [InlineData(303, "POST", "GET", "")]
    [InlineData(303, "PUT", "GET", "")]
    [InlineData(303, "HEAD", "HEAD", "")]
    [InlineData(301, "PUT", "PUT", "body")]
    [InlineData(307, "POST", "POST", "body")]
    [InlineData(308, "POST", "POST", "body")]
    public async Task Redirect_Method_ChangesAsABrowserDoes(int status, string method, string expected, string body)
    {
        var last = "";
        await using var server = TestServer.Http((head, sent) =>
        {
            last = Encoding.UTF8.GetString(sent);
            return head.Contains("/next", StringComparison.Ordinal) ? Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                : Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Moved\r\nLocation: next?q\r\nContent-Length: 0\r\n\r\n");
        });
        await using var harness = new NetworkHarness();

        var answer = await harness.AskAsync(
            "http_request",
            ("url", $"http://127.0.0.1:{server.Port}/dir/first"),
            ("method", method),
            ("body", method == "HEAD" ? [] : "body"u8.ToArray()),
            ("headers", new[] { Header("Content-Type", "text/plain") }),
            ("follow_redirects", true));

        Assert.Equal(200, Convert.ToInt32(answer["status"]));
        Assert.StartsWith($"{expected} /dir/next?q HTTP/1.1", server.Requests.Last(), StringComparison.Ordinal);
        Assert.Equal(body, last);
        Assert.Equal(expected == method, server.Requests.Last().Contains("Content-Type", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Redirect_Request_IsNotFollowedUnlessAsked()
    {
        await using var server = TestServer.Http((_, _) => TestServer.Answer("302 Found\r\nLocation: /x"));
        await using var harness = new NetworkHarness();

        Assert.Equal(302, Convert.ToInt32((await harness.AskAsync("http_request", ("url", $"http://127.0.0.1:{server.Port}/")))["status"]));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("http_get", 5, true)]
    [InlineData("http_get", 6, false)]
    [InlineData("http_post", 5, true)]
    [InlineData("http_post", 6, false)]
    public async Task Redirect_Chain_EndsAfterFive(string function, int hops, bool arrives)
    {
        var seen = 0;
        await using var server = TestServer.Http((_, _) => TestServer.Answer(++seen <= hops ? $"307 Next\r\nLocation: /{seen}" : "200 OK"));
        await using var harness = new NetworkHarness();

        var answer = await harness.AskAsync(function, ("url", $"http://127.0.0.1:{server.Port}/"));

        Assert.Equal(arrives, answer.ContainsKey("status"));
        Assert.True(arrives || (string)answer["error"] == "io: more than 5 redirects");
    }

    [Fact]
    public async Task S3_Redirect_FromHttpsToHttp_IsRefused()
    {
        using var authority = new TestAuthority();
        await using var plain = TestServer.Http((_, _) => TestServer.Answer("200 OK"));
        await using var server = TestServer.Http((_, _) => TestServer.Answer($"302 Found\r\nLocation: http://127.0.0.1:{plain.Port}/"), certificate: authority.Issue("a.example"));
        var setting = new NetworkSetting { Resolver = new TestResolver(("a.example", ["127.0.0.1"])), Authority = authority.Certificate };
        await using var harness = new NetworkHarness { Setting = setting };
        await using var control = new NetworkHarness { Setting = setting with { Defences = new() { JudgesRedirects = false } } };

        Assert.Equal(PermissionGate.Denied, await harness.ErrorOfAsync("http_get", ("url", $"https://a.example:{server.Port}/")));
        Assert.Equal(0, plain.Accepted);
        Assert.Equal(200, Convert.ToInt32((await control.AskAsync("http_get", ("url", $"https://a.example:{server.Port}/")))["status"]));
    }

    [Fact]
    public async Task Https_Certificate_IsCheckedAgainstTheNameThatWasAskedFor()
    {
        using var authority = new TestAuthority();
        await using var server = TestServer.Http((_, _) => TestServer.Answer("200 OK"), certificate: authority.Issue("a.example"));
        var resolver = new TestResolver(("a.example", ["127.0.0.1"]), ("b.example", ["127.0.0.1"]));
        await using var trusting = new NetworkHarness { Setting = new() { Resolver = resolver, Authority = authority.Certificate } };
        await using var stranger = new NetworkHarness { Setting = new() { Resolver = resolver } };

        Assert.Equal(200, Convert.ToInt32((await trusting.AskAsync("http_get", ("url", $"https://a.example:{server.Port}/")))["status"]));
        Assert.StartsWith("tls: ", await trusting.ErrorOfAsync("http_get", ("url", $"https://b.example:{server.Port}/")), StringComparison.Ordinal);
        Assert.StartsWith("tls: ", await stranger.ErrorOfAsync("http_get", ("url", $"https://a.example:{server.Port}/")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task S3_Certificate_ThatNamesAnIssuersAddress_MakesNoConnection()
    {
        using var authority = new TestAuthority();
        await using var lure = TestServer.Http((_, _) => TestServer.Answer("404 Not Found"));
        await using var server = TestServer.Http((_, _) => TestServer.Answer("200 OK"), certificate: authority.Issue("a.example", $"http://127.0.0.1:{lure.Port}/ca.der"));
        await using var harness = new NetworkHarness { Setting = new() { Resolver = new TestResolver(("a.example", ["127.0.0.1"])) } };

        Assert.StartsWith("tls: ", await harness.ErrorOfAsync("http_get", ("url", $"https://a.example:{server.Port}/")), StringComparison.Ordinal);
        Assert.Equal(0, lure.Accepted);
    }

    private static Task<Dictionary<object, object>> AskAsync(NetworkHarness harness, string function, string target) => function switch
    {
        "ws_connect" => harness.AskAsync(function, ("url", $"ws://{target}/"), ("timeout_ms", 2000)),
        _ when function.StartsWith("http", StringComparison.Ordinal) => harness.AskAsync(function, ("url", $"http://{target}/"), ("timeout_ms", 2000)),
        _ => harness.AskAsync(function, ("addr", target), ("data", "GET / HTTP/1.1\r\n\r\n"u8.ToArray()), ("timeout_ms", 2000)),
    };
}
