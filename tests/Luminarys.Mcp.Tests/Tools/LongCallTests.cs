using System.Net;
using System.Text.Json;
using Luminarys.Invocations;
using Luminarys.Mcp.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Luminarys.Mcp.Tools;

/// <summary>Calls that take long: what the client hears meanwhile, and every way in which it can end them.</summary>
public sealed class LongCallTests
{
    private const string Session = """{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}""";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    [InlineData("2025-03-26")]
    public async Task MeasuredProgress_OfAClientWithAToken_ArrivesInOrderBeforeTheResult(string version)
    {
        await using var edge = await StartAsync();
        edge.Invoker.Answer = (invocation, _) =>
        {
            for (var done = 0; done <= 100; done += 50)
            {
                invocation.Progress!.Report(new(done, 100, "copying"));
            }

            return ValueTask.FromResult(InvocationResult.Success(FakeInvoker.Text("copied")));
        };
        using var request = await CallAsync(edge, version);
        using var response = await edge.Http.SendAsync(request, TestContext.Current.CancellationToken);

        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var messages = body.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line[6..])).ToList();
        Assert.Equal(4, messages.Count);
        for (var i = 0; i < 3; i++)
        {
            var told = messages[i].GetProperty("params");
            Assert.Equal("notifications/progress", messages[i].GetProperty("method").GetString());
            Assert.Equal(
                ("t-1", i * 50, 100, "copying"),
                (told.GetProperty("progressToken").GetString(), told.GetProperty("progress").GetInt32(), told.GetProperty("total").GetInt32(), told.GetProperty("message").GetString()));
        }

        Assert.Equal("copied", messages[3].GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());
    }

    /// <summary>A call with a progress token, as a client of the version makes it.</summary>
    private static async Task<HttpRequestMessage> CallAsync(EdgeFixture edge, string version)
    {
        if (version == "2026-07-28")
        {
            return Stateless(RawHttp.Call.Replace("\"_meta\":{", "\"_meta\":{\"progressToken\":\"t-1\",", StringComparison.Ordinal));
        }

        using var opening = Message("initialize", Session.Replace("2025-06-18", version, StringComparison.Ordinal), null);
        using var opened = await edge.Http.SendAsync(opening, TestContext.Current.CancellationToken);
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
        return Message("tools/call", """{"name":"echo__ping","arguments":{},"_meta":{"progressToken":"t-1"}}""", session, version);
    }

    [Fact]
    public async Task Progress_OfAClientWithoutAToken_IsNotAskedFor()
    {
        await using var edge = await StartAsync();
        var (status, _) = await RawHttp.SendAsync(edge.Http.BaseAddress!, "POST", Headers, System.Text.Encoding.UTF8.GetBytes(RawHttp.Call));

        Assert.Equal(200, status);
        Assert.Null(Assert.Single(edge.Invoker.Calls).Progress);
    }

    [Fact]
    public async Task ClientProgress_WhileNothingIsMeasured_GivesASignOfLifeThatGrows()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var sent = System.Threading.Channels.Channel.CreateUnbounded<ProgressNotificationValue>();
        await using var progress = new ClientProgress(
            value =>
            {
                sent.Writer.TryWrite(value);
                return Task.CompletedTask;
            },
            time,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var values = new List<ProgressNotificationValue>();
        for (var beat = 0; beat < 2; beat++)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            values.Add(await sent.Reader.ReadAsync(TestContext.Current.CancellationToken));
        }

        progress.Report(new(7, 9));
        values.Add(await sent.Reader.ReadAsync(TestContext.Current.CancellationToken));
        progress.Report(new(6, 9));
        progress.Report(new(8, 9));
        values.Add(await sent.Reader.ReadAsync(TestContext.Current.CancellationToken));

        Assert.Equal(["running for 5 s", "running for 10 s", null, null], values.Select(value => value.Message));
        Assert.Equal(values.Select(value => value.Progress).Order(), values.Select(value => value.Progress));
        Assert.Equal(8f, values[^1].Progress);
    }

    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    [InlineData("2025-06-18")]
    public async Task CancelledByItsClient_EndsAtTheGuest(string version)
    {
        await using var edge = await StartAsync();
        Hang(edge);
        await using var client = await edge.ConnectAsync(version);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var call = client.CallToolAsync("echo__ping", cancellationToken: patience.Token).AsTask();
        await _begun.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await _ended.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task ConnectionClosedByAStatelessClient_EndsAtTheGuest()
    {
        await using var edge = await StartAsync();
        Hang(edge);
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var request = Stateless(RawHttp.Call);

        var call = edge.Http.SendAsync(request, HttpCompletionOption.ResponseContentRead, closing.Token);
        await _begun.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        await closing.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await _ended.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SessionDeletedByItsClient_EndsItsCallsAtTheGuest(bool isDirect)
    {
        await using var edge = await StartAsync();
        var session = await OpenAsync(edge, isDirect);
        Hang(edge);
        using var call = Message("tools/call", """{"name":"echo__ping","arguments":{}}""", session);
        var answer = edge.Http.SendAsync(call, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await _begun.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);

        using var deletion = RawMcp.Request(HttpMethod.Delete, null);
        deletion.Headers.Add("Mcp-Session-Id", session);
        using var deleted = await edge.Http.SendAsync(deletion, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        await _ended.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        using var ended = await answer;
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        Assert.Equal("text/event-stream", ended.Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CancelledNotification_OfASession_EndsTheCallThatItNames(bool isDirect)
    {
        await using var edge = await StartAsync();
        var session = await OpenAsync(edge, isDirect);
        Hang(edge);
        using var call = Message("tools/call", """{"name":"echo__ping","arguments":{}}""", session);
        var answer = edge.Http.SendAsync(call, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await _begun.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);

        using var notice = RawMcp.Request(HttpMethod.Post, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7,"reason":"enough"}}""");
        notice.Headers.Add("Mcp-Session-Id", session);
        using var taken = await edge.Http.SendAsync(notice, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        await _ended.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        using var ended = await answer;
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        Assert.Equal("text/event-stream", ended.Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ConnectionClosedInASession_EndsAtTheGuest(bool isDirect)
    {
        await using var edge = await StartAsync();
        var session = await OpenAsync(edge, isDirect);
        Hang(edge);
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var request = Message("tools/call", """{"name":"echo__ping","arguments":{}}""", session);

        var call = edge.Http.SendAsync(request, HttpCompletionOption.ResponseContentRead, closing.Token);
        await _begun.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        await closing.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await _ended.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);
    }

    /// <summary>Whoever stands between waits a minute or five for the head of an answer, not as long as a call may take.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DirectCall_ThatTakesLong_HasTheHeadOfItsAnswerAfterAMoment(bool isInSession)
    {
        await using var edge = await StartAsync();
        var session = isInSession ? await OpenAsync(edge, isDirect: true) : null;
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        edge.Invoker.Answer = async (_, cancellationToken) =>
        {
            _begun.TrySetResult();
            await go.Task.WaitAsync(cancellationToken);
            return InvocationResult.Success(FakeInvoker.Text("late"));
        };
        using var call = session is null ? Stateless(RawHttp.Call) : Message("tools/call", """{"name":"echo__ping","arguments":{}}""", session);
        var head = edge.Http.SendAsync(call, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await _begun.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);

        for (var i = 0; i < 1000 && !head.IsCompleted; i++)
        {
            edge.Time.Advance(DirectSessions.Moment);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.True(head.IsCompleted);
        using var response = await head;
        go.SetResult();

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        Assert.Equal("late", (await RawMcp.ReadAsync(response)).GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());
    }

    /// <summary>A session; the SDK had a call in it a moment ago if the next is to be answered without it.</summary>
    private static async Task<string> OpenAsync(EdgeFixture edge, bool isDirect)
    {
        using var opened = await edge.Http.SendAsync(Message("initialize", Session, null), TestContext.Current.CancellationToken);
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
        if (isDirect)
        {
            using var call = Message("tools/call", """{"name":"echo__ping","arguments":{}}""", session);
            (await edge.Http.SendAsync(call, TestContext.Current.CancellationToken)).Dispose();
        }

        return session;
    }

    private const string Headers = "Host: localhost:{port}|Content-Type: application/json|Accept: application/json, text/event-stream|" + RawHttp.CallHeaders;

    private static HttpRequestMessage Stateless(string body)
    {
        var request = RawMcp.Request(HttpMethod.Post, body);
        foreach (var header in RawHttp.CallHeaders.Split('|'))
        {
            request.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
        }

        return request;
    }

    private static HttpRequestMessage Message(string method, string parameters, string? session, string version = "2025-06-18")
    {
        var request = RawMcp.Request(HttpMethod.Post, $$"""{"jsonrpc":"2.0","id":7,"method":"{{method}}","params":{{parameters}}}""");
        if (session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", session);
            request.Headers.Add("MCP-Protocol-Version", version);
        }

        return request;
    }

    private static Task<EdgeFixture> StartAsync() => EdgeFixture.StartAsync([TestSkills.Skill("echo", TestSkills.Method("ping"))]);

    private void Hang(EdgeFixture edge) => edge.Invoker.Answer = async (_, cancellationToken) =>
    {
        _begun.TrySetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("it waits forever");
        }
        finally
        {
            _ended.TrySetResult();
        }
    };
}
