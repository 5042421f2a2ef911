using System.Diagnostics.Metrics;
using System.Text;
using System.Text.RegularExpressions;
using Luminarys.Invocations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;

namespace Luminarys.Mcp.Http;

/// <summary>Calls that are answered beside the SDK: which, and that nobody can tell.</summary>
public sealed partial class DirectCallTests
{
    private const string Meta = """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}
        """;

    private const string InSession = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo__ping","arguments":{}}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What is asked, and whether it is answered directly without a session, and in one. META stands for what a request without one carries.</summary>
    public static TheoryData<string, string, bool, bool> Bodies => new()
    {
        { "a call", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo__ping","arguments":{"p":"a\u00e9<\""}META}}""", true, true },
        { "no arguments", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo__ping"META}}""", true, true },
        { "arguments that the tool refuses", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo__ping","arguments":{"p":7}META}}""", true, true },
        { "an id that is text", """{"jsonrpc":"2.0","id":"a<b","method":"tools/call","params":{"name":"echo__ping","arguments":{}META}}""", true, true },
        { "the largest id", """{"jsonrpc":"2.0","id":9223372036854775807,"method":"tools/call","params":{"name":"echo__ping","arguments":{}META}}""", true, true },
        { "another order, and space", """ { "params" : { META1 "arguments" : { } , "name" : "echo__ping" } , "method" : "tools/call" , "id" : 1 , "jsonrpc" : "2.0" } """, true, true },
        { "a tool that fails", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo__fail","arguments":{}META}}""", true, true },
        { "a tool that nobody has", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo__none","arguments":{}META}}""", false, false },
        { "an id beyond 64 bits", """{"jsonrpc":"2.0","id":9223372036854775808,"method":"tools/call","params":{"name":"echo__ping","arguments":{}META}}""", false, false },
        { "an id with a fraction", """{"jsonrpc":"2.0","id":1.5,"method":"tools/call","params":{"name":"echo__ping","arguments":{}META}}""", false, false },
        { "no id", """{"jsonrpc":"2.0","method":"tools/call","params":{"name":"echo__ping","arguments":{}META}}""", false, false },
        { "an id of null", """{"jsonrpc":"2.0","id":null,"method":"tools/call","params":{"name":"echo__ping","arguments":{}META}}""", false, false },
        { "no version", """{"id":1,"method":"tools/call","params":{"name":"echo__ping","arguments":{}META}}""", false, false },
        { "another version", """{"jsonrpc":"1.0","id":1,"method":"tools/call","params":{"name":"echo__ping","arguments":{}META}}""", false, false },
        { "another method", """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"name":"echo__ping","arguments":{}META}}""", false, false },
        { "a member more", """{"jsonrpc":"2.0","id":1,"method":"tools/call","x":1,"params":{"name":"echo__ping","arguments":{}META}}""", false, false },
        { "a member twice", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo__ping","arguments":{"p":"a","p":"b"}META}}""", false, false },
        { "a parameter more", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo__ping","arguments":{},"x":1META}}""", false, false },
        { "arguments of null", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo__ping","arguments":nullMETA}}""", false, false },
        { "arguments in an array", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo__ping","arguments":[1]META}}""", false, false },
        { "a name of no text", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":7,"arguments":{}META}}""", false, false },
        { "a wish for progress", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo__ping","arguments":{},"_meta":{"progressToken":1METAIN}}}""", false, false },
        { "no JSON", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{""", false, false },
        { "text that is none", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"\\ud800\",\"arguments\":{}META}}", false, false },
        { "a batch", """[{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo__ping","arguments":{}META}}]""", false, false },
        { "two messages", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo__ping","arguments":{}META}} {}""", false, false },
        { "null", "null", false, false },
        { "nothing", "", false, false },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Body_IsAnsweredAsTheSdkAnswersIt(string what, string body, bool isDirect, bool isDirectInSession)
    {
        await using var pair = await Pair.StartAsync();

        var alone = body.Replace("META1", Meta + ",", StringComparison.Ordinal).Replace("METAIN", "," + Meta["\"_meta\":{".Length..^1], StringComparison.Ordinal)
            .Replace("META", "," + Meta, StringComparison.Ordinal);
        await pair.CompareAsync(what, alone, isInSession: false, isDirect, []);
        var inSession = body.Replace("META1", "", StringComparison.Ordinal).Replace("METAIN", "", StringComparison.Ordinal).Replace("META", "", StringComparison.Ordinal);
        await pair.CompareAsync(what, inSession, isInSession: true, isDirectInSession, []);
    }

    [Theory]
    [InlineData("Accept", "text/event-stream, application/json", false, false)]
    [InlineData("Accept", "application/json, text/event-stream", true, true)]
    [InlineData("Accept", "application/json", false, false)]
    [InlineData("Accept", null, false, false)]
    [InlineData("Content-Type", "application/json; charset=utf-8", true, true)]
    [InlineData("Content-Type", "application/json; charset=utf-16", false, false)]
    [InlineData("Content-Type", "text/plain", false, false)]
    [InlineData("Content-Type", null, false, false)]
    [InlineData("MCP-Protocol-Version", "2025-11-25", false, false)]
    [InlineData("MCP-Protocol-Version", "2099-01-01", false, false)]
    [InlineData("MCP-Protocol-Version", "2025-06-18", false, true)]
    [InlineData("MCP-Protocol-Version", "2026-07-28", true, false)]
    [InlineData("MCP-Protocol-Version", null, false, false)]
    [InlineData("Mcp-Method", "tools/call", true, false)]
    [InlineData("Mcp-Method", "tools/list", false, false)]
    [InlineData("Mcp-Method", null, false, true)]
    [InlineData("Mcp-Name", "echo__fail", false, true)]
    [InlineData("Mcp-Name", "=?base64?ZWNob19fcGluZw==?=", false, true)]
    [InlineData("Mcp-Name", null, false, true)]
    [InlineData("Mcp-Param-P", "x", true, true)]
    [InlineData("Mcp-Session-Id", "nobody's", false, false)]
    [InlineData("Mcp-Session-Id", "", false, false)]
    [InlineData("Mcp-Session-Id", null, true, false)]
    [InlineData("Last-Event-ID", "1", true, true)]
    [InlineData("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true, true)]
    public async Task Header_IsHeardAsTheSdkHearsIt(string name, string? value, bool isDirect, bool isDirectInSession)
    {
        await using var pair = await Pair.StartAsync();

        await pair.CompareAsync(name, RawHttp.Call, isInSession: false, isDirect, [(name, value)]);
        await pair.CompareAsync(name, InSession, isInSession: true, isDirectInSession, [(name, value)]);
    }

    [Fact]
    public async Task Session_SdkHadNoCallForAMoment_IsAskedAgain()
    {
        await using var pair = await Pair.StartAsync();
        var session = await Pair.OpenAsync(pair.Ours);

        await Pair.CallAsync(pair.Ours, session);
        pair.Ours.Time.Advance(DirectSessions.Moment);
        await Pair.CallAsync(pair.Ours, session);
        await Pair.CallAsync(pair.Ours, session);

        Assert.Equal([true, false, true], pair.Direct.TakeLast(3));
    }

    [Fact]
    public async Task Session_Deleted_IsGoneForDirectCalls()
    {
        await using var pair = await Pair.StartAsync();
        var session = await Pair.OpenAsync(pair.Ours);
        using var deletion = RawMcp.Request(HttpMethod.Delete, null);
        deletion.Headers.Add("Mcp-Session-Id", session);
        (await pair.Ours.Http.SendAsync(deletion, Cancellation)).Dispose();
        var calls = pair.Ours.Invoker.Calls.Count;

        var (status, _) = await Pair.CallAsync(pair.Ours, session);

        Assert.Equal(404, status);
        Assert.Equal(calls, pair.Ours.Invoker.Calls.Count);
    }

    /// <summary>M-2: who knows a session's name does not speak in it.</summary>
    [Fact]
    public async Task Session_OfAnotherPrincipal_IsRefusedAsTheSdkRefusesIt()
    {
        await using var pair = await Pair.StartAsync(options => options.Tokens = ["the-token-of-one-0123456789abcdef", "the-token-of-two-0123456789abcdef"]);
        var session = await Pair.OpenAsync(pair.Ours, "the-token-of-one-0123456789abcdef");
        var calls = pair.Ours.Invoker.Calls.Count;

        var (own, _) = await Pair.CallAsync(pair.Ours, session, "the-token-of-one-0123456789abcdef");
        var (strange, answer) = await Pair.CallAsync(pair.Ours, session, "the-token-of-two-0123456789abcdef");

        Assert.Equal((200, 403), (own, strange));
        Assert.True(pair.Direct[^2]);
        Assert.DoesNotContain("ping", answer, StringComparison.Ordinal);
        Assert.Equal(calls + 1, pair.Ours.Invoker.Calls.Count);
    }

    [Fact]
    public async Task Id_OfACallThatRuns_IsNotTakenASecondTime()
    {
        await using var pair = await Pair.StartAsync();
        var session = await Pair.OpenAsync(pair.Ours);
        var (begun, go) = (new SemaphoreSlim(0), new TaskCompletionSource());
        pair.Ours.Invoker.Answer = async (invocation, _) =>
        {
            begun.Release();
            await go.Task;
            return InvocationResult.Success(invocation.Payload);
        };

        var first = Pair.CallAsync(pair.Ours, session);
        Assert.True(await begun.WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        var second = Pair.CallAsync(pair.Ours, session);
        Assert.True(await begun.WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
        go.SetResult();
        await Task.WhenAll(first, second);

        // The second is the SDK's, whatever that makes of it.
        Assert.Equal([false, true], pair.Direct.TakeLast(2).Order());
    }

    [Fact]
    public async Task Call_ApplicationWatchesTheSdk_IsTheSdks()
    {
        await using var pair = await Pair.StartAsync();
        var session = await Pair.OpenAsync(pair.Ours);
        await Pair.CallAsync(pair.Ours, session);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "mcp.server.operation.duration")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.Start();

        await Pair.CallAsync(pair.Ours, session);

        Assert.Equal([true, false], pair.Direct.TakeLast(2));
    }

    [Fact]
    public async Task Call_ApplicationHasAToolOfItsOwn_IsTheSdks()
    {
        await using var edge = await EdgeFixture.StartAsync(
            [TestSkills.Skill("echo", TestSkills.Method("ping"))],
            addServices: services => services.AddMcpServer().WithTools([McpServerTool.Create(() => "mine", new() { Name = "echo__ping" })]));
        using var request = RawMcp.Request(HttpMethod.Post, RawHttp.Call);
        foreach (var header in RawHttp.CallHeaders.Split('|'))
        {
            request.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
        }

        using var response = await edge.Http.SendAsync(request, Cancellation);

        Assert.Contains("mine", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Empty(edge.Invoker.Calls);
    }

    [Fact]
    public async Task Call_ApplicationFiltersTheEndpoint_PassesTheFilter()
    {
        var filtered = 0;
        await using var edge = await EdgeFixture.StartAsync([TestSkills.Skill("echo", TestSkills.Method("ping"))], convene: endpoints => endpoints.AddEndpointFilter((context, next) =>
        {
            filtered++;
            return next(context);
        }));

        var session = await Pair.OpenAsync(edge);
        filtered = 0;
        await Pair.CallAsync(edge, session);

        Assert.Equal(1, filtered);
    }

    /// <summary>An edge that answers directly, and one that cannot, as the application has a filter there.</summary>
    private sealed class Pair(EdgeFixture ours, EdgeFixture sdks, List<bool> direct) : IAsyncDisposable
    {
        public EdgeFixture Ours => ours;

        /// <summary>Of each answer of ours whether it was made without the SDK.</summary>
        public List<bool> Direct => direct;

        public static async Task<Pair> StartAsync(Action<McpEdgeOptions>? configure = null)
        {
            Skills.Skill[] skills = [TestSkills.Skill("echo", TestSkills.Method("ping", TestSkills.Parameter("p")), TestSkills.Method("fail"))];
            var direct = new List<bool>();
            var ours = await EdgeFixture.StartAsync(skills, configure, map: application => application.Use(async (context, next) =>
            {
                await next(context);
                lock (direct)
                {
                    direct.Add(context.Response.StatusCode == StatusCodes.Status200OK && context.Features.Get<McpServer>() is null);
                }
            }));
            var sdks = await EdgeFixture.StartAsync(skills, configure, addServices: services => services.AddMcpServer().WithRequestFilters(filters =>
                filters.AddCallToolFilter(next => (request, cancellationToken) => next(request, cancellationToken))));
            foreach (var edge in new[] { ours, sdks })
            {
                edge.Invoker.Answer = (invocation, _) => ValueTask.FromResult(invocation.Method == "fail"
                    ? InvocationResult.Failure(InvocationError.SkillError, "it broke")
                    : InvocationResult.Success(invocation.Payload) with { Node = TestSkills.NodeId });
            }

            return new(ours, sdks, direct);
        }

        public async Task CompareAsync(string what, string body, bool isInSession, bool isDirect, (string Name, string? Value)[] headers)
        {
            var expected = await AnswerAsync(sdks, body, isInSession, headers);
            var actual = await AnswerAsync(ours, body, isInSession, headers);

            var where = $"{what}, {(isInSession ? "in a session" : "without one")}";
            Assert.True(expected == actual, $"{where}: the SDK says\n{expected}\nand we\n{actual}");
            Assert.True(isDirect == direct[^1], $"{where}: {(isDirect ? "not answered directly" : "answered directly")}\n{actual}");
        }

        /// <summary>A session in which the SDK had a call a moment ago.</summary>
        public static async Task<string> OpenAsync(EdgeFixture edge, string? token = null)
        {
            const string Initialize = """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""";
            var (_, opened) = await SendAsync(edge, Headers(null, token), Initialize);
            var session = SessionIn().Match(opened).Groups[1].Value;
            await CallAsync(edge, session, token);
            return session;
        }

        public static Task<(int Status, string Answer)> CallAsync(EdgeFixture edge, string session, string? token = null) => SendAsync(edge, Headers(session, token), InSession);

        public async ValueTask DisposeAsync()
        {
            await ours.DisposeAsync();
            await sdks.DisposeAsync();
        }

        private static async Task<string> AnswerAsync(EdgeFixture edge, string body, bool isInSession, (string Name, string? Value)[] headers)
        {
            var given = Headers(isInSession ? await OpenAsync(edge) : null, null);
            if (!isInSession)
            {
                (given["MCP-Protocol-Version"], given["Mcp-Method"], given["Mcp-Name"]) = ("2026-07-28", "tools/call", NameIn().Match(body) is { Success: true } name ? name.Groups[1].Value : "echo__ping");
            }

            foreach (var (name, value) in headers)
            {
                given.Remove(name);
                if (value is not null)
                {
                    given[name] = value;
                }
            }

            return Changing().Replace((await SendAsync(edge, given, body)).Answer, "…");
        }

        private static Dictionary<string, string> Headers(string? session, string? token)
        {
            var headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Accept"] = "application/json, text/event-stream", ["Content-Type"] = "application/json" };
            if (session is not null)
            {
                (headers["Mcp-Session-Id"], headers["MCP-Protocol-Version"]) = (session, "2025-06-18");
            }

            if (token is not null)
            {
                headers["Authorization"] = "Bearer " + token;
            }

            return headers;
        }

        private static Task<(int Status, string Answer)> SendAsync(EdgeFixture edge, Dictionary<string, string> headers, string body) => RawHttp.SendAsync(
            edge.Http.BaseAddress!, "POST", "Host: localhost:{port}|" + string.Join('|', headers.Select(header => $"{header.Key}: {header.Value}")), Encoding.UTF8.GetBytes(body));
    }

    [GeneratedRegex("(?<=Date: )[^\r]+|(?<=Mcp-Session-Id: )[^\r]+|[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{32}")]
    private static partial Regex Changing();

    [GeneratedRegex("Mcp-Session-Id: ([^\r]+)", RegexOptions.IgnoreCase)]
    private static partial Regex SessionIn();

    [GeneratedRegex("\"name\" ?: ?\"([^\"\\\\]+)\"(?!,\"version\")")]
    private static partial Regex NameIn();
}
