using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Luminarys.Mcp.Http;

/// <summary>Requests as strangers send them. A call that passes reaches the invoker once; one that does not never does.</summary>
public sealed class RequestGateTests
{
    private const string Host = "Host: 127.0.0.1:{port}";
    private const string Token = "Authorization: Bearer one";
    private const string Json = "Content-Type: application/json";
    private const string Both = "Accept: application/json, text/event-stream";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, int> Cases()
    {
        var cases = new TheoryData<string, string, int>();
        void Hosts(int status, params string[] hosts) => Add(status, "POST", hosts.Select(host => $"{host}|{Token}|{Json}|{Both}"));
        void Extra(int status, params string[] lines) => Add(status, "POST", lines.Select(line => $"{Host}|{Token}|{Json}|{Both}|{line}"));
        void Tokens(int status, params string[] lines) => Add(status, "POST", lines.Select(line => $"{Host}|{line}|{Json}|{Both}"));
        void Versions(int status, params string[] versions) => Add(
            status, "POST", versions.Select(version => $"{Host}|{Token}|{Json}|{Both}|MCP-Protocol-Version: {version}|Mcp-Method: tools/call|Mcp-Name: echo__ping"), isWhole: true);
        void Routes(int status, params string[] routes) => Add(
            status, "POST", routes.Select(route => $"{Host}|{Token}|{Json}|{Both}|MCP-Protocol-Version: 2026-07-28|{route}"), isWhole: true);
        void Sessions(int status, params string[] sessions) => Add(
            status, "POST", sessions.Select(session => $"{Host}|{Token}|{Json}|{Both}|MCP-Protocol-Version: 2025-11-25|Mcp-Session-Id: {session}"), isWhole: true);
        void Add(int status, string method, IEnumerable<string> headers, bool isWhole = false)
        {
            foreach (var line in headers)
            {
                cases.Add(method, isWhole ? line : $"{line}|{RawHttp.CallHeaders}", status);
            }
        }

        Hosts(
            200, Host, "Host: 127.0.0.1", "Host: localhost", "Host: LOCALHOST:{port}", "Host: localhost:9", "Host: [::1]:{port}", "Host: 127.8.8.8",
            "Host: tools.example.com", "Host: Tools.Example.Com:8443", "Host: any-port.example", "Host: any-port.example:81", "Host: one-port.example:81");
        Hosts(
            421, "Host: evil.example", "Host: evil.example:{port}", "Host: localhost.evil.example", "Host: localhost.", "Host: 127.0.0.1.evil.example",
            "Host: 10.0.0.1", "Host: 0.0.0.0:{port}", "Host: [2001:db8::1]", "Host: 2130706433", "Host: 127.1", "Host: 0177.0.0.1",
            "Host: one-port.example", "Host: one-port.example:82", "Host: sub.tools.example.com", "Host:");
        Hosts(400, "X-No: host", "Host: localhost|Host: evil.example", "Host: a b", "Host: [::]");
        Extra(
            200, "Origin: http://127.0.0.1:{port}", "Origin: HTTP://127.0.0.1:{port}", "Origin: https://page.example", "Origin: https://tools.example.com",
            "X-Forwarded-Host: evil.example", "Forwarded: host=evil.example", "X-Forwarded-For: 10.0.0.1");
        Extra(
            403, "Origin: http://evil.example", "Origin: null", "Origin:", "Origin: https://127.0.0.1:{port}", "Origin: http://127.0.0.1:1",
            "Origin: http://localhost:{port}", "Origin: http://page.example", "Origin: https://page.example:444", "Origin: https://page.example.evil.example",
            "Origin: https://evil.example/https://page.example", "Origin: *", "Origin: https://page.example|Origin: https://evil.example",
            "Origin: https://page.example, https://evil.example", "Origin: file://",
            "Origin: http://evil.example|X-Forwarded-Host: evil.example", "Origin: https://127.0.0.1:{port}|X-Forwarded-Proto: https");
        Hosts(421, "Host: evil.example|X-Forwarded-Host: localhost", "Host: evil.example|Forwarded: host=localhost", "Host: evil.example|Origin: http://evil.example");
        Tokens(200, "Authorization: bearer one", "Authorization: Bearer two", "Authorization: Bearer  one");
        Tokens(
            401, "X-No: token", "Authorization:", "Authorization: Bearer", "Authorization: Bearer wrong", "Authorization: Bearer ONE", "Authorization: Basic one",
            "Authorization: one", "Authorization: Bearer one two", "Authorization: Bearer one|Authorization: Bearer two", "X-Authorization: Bearer one",
            "Cookie: Authorization=Bearer one", "X-Forwarded-User: one");
        string[] types = ["X-No: type", "Content-Type: text/plain", "Content-Type: application/xml", "Content-Type: multipart/form-data; boundary=x"];
        Add(415, "POST", types.Select(type => $"{Host}|{Token}|{type}|{Both}"));
        Add(200, "POST", [$"{Host}|{Token}|Content-Type: application/json; charset=utf-8|{Both}"]);
        string[] accepts = ["Accept: text/html", "Accept: application/json", "Accept: text/event-stream"];
        Add(406, "POST", accepts.Select(accept => $"{Host}|{Token}|{Json}|{accept}"));
        foreach (var method in new[] { "PUT", "PATCH", "TRACE", "PROPFIND" })
        {
            Add(405, method, [$"{Host}|{Token}|{Json}|{Both}"]);
        }

        Versions(200, "2026-07-28", " 2026-07-28 ");
        Versions(400, "2026-07-29", "1999-01-01", "x", "2026-07-28|MCP-Protocol-Version: 2025-11-25");
        Routes(200, "Mcp-Method: tools/call|Mcp-Name: echo__ping");
        Routes(
            400, "Mcp-Method: tools/list|Mcp-Name: echo__ping", "Mcp-Method: tools/call|Mcp-Name: echo__other", "Mcp-Method: TOOLS/CALL|Mcp-Name: echo__ping",
            "Mcp-Method: tools/call", "Mcp-Name: echo__ping", "X-No: route");
        Sessions(404, "none", "00000000000000000000000000", "../../etc/passwd", new string('s', 4096));
        Add(401, "GET", [$"{Host}|{Both}"]);
        Add(401, "DELETE", [$"{Host}|{Both}"]);
        Add(421, "GET", [$"Host: evil.example|{Token}|{Both}"]);
        Add(403, "DELETE", [$"{Host}|{Token}|Origin: http://evil.example"]);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task M_1_M_2_Request_ByItsHeaders_PassesOrDoesNoWork(string method, string headers, int expected)
    {
        await using var edge = await StartAsync();

        var (status, _) = await CallAsync(edge, method, headers);

        Assert.Equal(expected, status);
        Assert.Equal(expected == 200 ? 1 : 0, edge.Invoker.Calls.Count);
    }

    [Fact]
    public void Cases_AreAtLeastSixty() => Assert.True(Cases().Distinct().Count() >= 60, $"{Cases().Count} cases");

    [Theory]
    [InlineData("host", $"Host: evil.example|{Token}|{Json}|{Both}|{RawHttp.CallHeaders}")]
    [InlineData("origin", $"{Host}|Origin: http://evil.example|{Token}|{Json}|{Both}|{RawHttp.CallHeaders}")]
    [InlineData("token", $"{Host}|{Json}|{Both}|{RawHttp.CallHeaders}")]
    public async Task Defence_TakenDown_LetsTheStrangerIn(string defence, string headers)
    {
        var defences = new EdgeDefences { Host = defence != "host", Origin = defence != "origin", Token = defence != "token" };
        await using var edge = await StartAsync(services => services.AddSingleton(defences));

        var (status, _) = await CallAsync(edge, "POST", headers);

        Assert.Equal(200, status);
        Assert.Single(edge.Invoker.Calls);
    }

    [Fact]
    public async Task Preflight_OfAKnownPage_ListsWhatIsAllowed()
    {
        await using var edge = await StartAsync();
        const string Ask = "Access-Control-Request-Method: POST|Access-Control-Request-Headers: authorization,content-type";

        var known = await RawHttp.SendAsync(edge.Http.BaseAddress!, "OPTIONS", $"{Host}|Origin: https://page.example|{Ask}", null);
        var stranger = await RawHttp.SendAsync(edge.Http.BaseAddress!, "OPTIONS", $"{Host}|Origin: https://evil.example|{Ask}", null);
        var rebound = await RawHttp.SendAsync(edge.Http.BaseAddress!, "OPTIONS", $"Host: evil.example|Origin: http://evil.example|{Ask}", null);

        Assert.Equal(204, known.Status);
        Assert.Contains("Access-Control-Allow-Origin: https://page.example\r\n", known.Answer, StringComparison.Ordinal);
        Assert.Contains("Access-Control-Allow-Methods: GET, POST, DELETE\r\n", known.Answer, StringComparison.Ordinal);
        Assert.Contains("Vary: Origin\r\n", known.Answer, StringComparison.Ordinal);
        Assert.Equal((403, 421), (stranger.Status, rebound.Status));
        Assert.DoesNotContain("Access-Control", stranger.Answer + rebound.Answer, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Start_OpenToTheNetworkAndStrict_IsRefused()
    {
        static Task<EdgeFixture> StartOpenAsync(bool strict, params string[] tokens) => EdgeFixture.StartAsync(
            [], options => (options.Strict, options.ListensBeyondLoopback, options.Tokens) = (strict, true, tokens));

        await Assert.ThrowsAsync<OptionsValidationException>(() => StartOpenAsync(strict: true));
        await using var lenient = await StartOpenAsync(strict: false);
        await using var guarded = await StartOpenAsync(strict: true, "one");
    }

    [Fact]
    public void WarnIfOpen_WithoutTokensBeyondLoopback_Warns()
    {
        static List<int> Warn(Action<McpEdgeOptions> configure)
        {
            var logger = new RecordingLogger<RequestGate>();
            using var services = TestGates.Build(configure, add => add.AddSingleton<ILogger<RequestGate>>(logger));
            services.GetRequiredService<RequestGate>().WarnIfOpen();
            return logger.Events;
        }

        Assert.Equal([4009], Warn(options => options.ListensBeyondLoopback = true));
        Assert.Empty(Warn(_ => { }));
        Assert.Empty(Warn(options => (options.ListensBeyondLoopback, options.Tokens) = (true, ["one"])));
        Assert.Empty(Warn(options => (options.ListensBeyondLoopback, options.OAuth) = (true, new() { Issuer = new("https://id.example.com"), Audience = "a" })));
    }

    [Theory]
    [InlineData(HealthStatus.Healthy, 200, "ready")]
    [InlineData(HealthStatus.Unhealthy, 503, "unavailable")]
    public async Task Health_WithoutAToken_TellsTheStateAndNothingElse(HealthStatus state, int expected, string word)
    {
        await using var edge = await StartAsync(services => services.AddHealthChecks()
            .AddCheck("node", () => new HealthCheckResult(state, "secret reason")));

        foreach (var path in new[] { "/health", "/health/live" })
        {
            var live = await RawHttp.SendAsync(edge.Http.BaseAddress!, "GET", Host, null, path);
            Assert.Equal(200, live.Status);
            Assert.Contains("""{"status":"ok"}""", live.Answer, StringComparison.Ordinal);
        }

        var ready = await RawHttp.SendAsync(edge.Http.BaseAddress!, "GET", Host, null, "/health/ready");

        Assert.Equal(expected, ready.Status);
        Assert.Contains($$"""{"status":"{{word}}"}""", ready.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", ready.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_OverTheServersLimit_AreRefused()
    {
        await using var edge = await StartAsync();

        var (status, _) = await CallAsync(edge, "POST", $"{Host}|{Token}|{Json}|{Both}|X-Long: {new string('a', 33 * 1024)}");

        Assert.Equal(431, status);
        Assert.Empty(edge.Invoker.Calls);
    }

    private static Task<(int Status, string Answer)> CallAsync(EdgeFixture edge, string method, string headers) => RawHttp.SendAsync(
        edge.Http.BaseAddress!, method, headers, method is "GET" or "DELETE" or "TRACE" ? null : Encoding.UTF8.GetBytes(RawHttp.Call));

    private static Task<EdgeFixture> StartAsync(Action<IServiceCollection>? addServices = null) => EdgeFixture.StartAsync(
        [TestSkills.Skill("echo", TestSkills.Method("ping"))],
        options =>
        {
            options.Tokens = ["one", "two"];
            options.AllowedOrigins = ["https://page.example/"];
            options.AllowedHosts = ["any-port.example", "one-port.example:81"];
            options.ServerUrl = new Uri("https://tools.example.com/base");
        },
        addServices: addServices);
}
