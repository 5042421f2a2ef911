using System.Text.Json;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Skills;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Luminarys.Mcp.Tools;

/// <summary>Calls through the C# SDK's client and a real web server.</summary>
public sealed class ToolCallTests
{
    private const string Newest = "2026-07-28";
    private const string Older = "2025-06-18";

    private static readonly Skill s_echo = TestSkills.Skill(
        "echo",
        TestSkills.Method("echo", TestSkills.Parameter("message", required: true)),
        TestSkills.Method("ping"),
        new SkillMethod("inner", "", [], IsHidden: true),
        new SkillMethod("on_data", "", [], IsCallback: true));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Newest)]
    [InlineData(Older)]
    public async Task Call_Text_ArrivesVerbatimWithNodeAndCallId(string version)
    {
        await using var edge = await EdgeFixture.StartAsync([s_echo]);
        edge.Invoker.Answer = (_, _) => ValueTask.FromResult(
            InvocationResult.Success(FakeInvoker.Text("hällo\tthere\r\n")) with { Node = TestSkills.NodeId });
        await using var client = await edge.ConnectAsync(version);

        var result = await client.CallToolAsync("echo__echo", Arguments("message", "hi"), cancellationToken: Cancellation);

        Assert.Equal(version, client.NegotiatedProtocolVersion);
        Assert.NotEqual(true, result.IsError);
        Assert.Equal("hällo\tthere\r\n", Text(result));
        Assert.Null(result.StructuredContent);
        Assert.Equal("node-1", (string?)result.Meta!["luminarys/node"]);
        var call = Assert.Single(edge.Invoker.Calls);
        Assert.Equal(call.Id.ToString(), (string?)result.Meta["luminarys/call"]);
    }

    [Fact]
    public async Task Call_QualifiedName_IsBoundToItsNode()
    {
        await using var edge = await EdgeFixture.StartAsync([s_echo], options => options.QualifiedToolNames = true);
        edge.Invoker.AnswerText("ok");
        await using var client = await edge.ConnectAsync(Newest);

        await client.CallToolAsync("node-1__echo__ping", cancellationToken: Cancellation);
        await client.CallToolAsync("echo__ping", cancellationToken: Cancellation);

        Assert.Equal([TestSkills.NodeId, null], edge.Invoker.Calls.Select(call => call.Node));
    }

    [Fact]
    public async Task Call_OfAnOlderClient_BecomesAnInvocationOfTheEdgeInItsSession()
    {
        await using var edge = await EdgeFixture.StartAsync([s_echo], options => options.InvokeTimeout = TimeSpan.FromSeconds(90));
        edge.Invoker.AnswerText("ok");
        await using var client = await edge.ConnectAsync(Older);

        await client.CallToolAsync("echo/echo", Arguments("message", "hi"), cancellationToken: Cancellation);

        var call = Assert.Single(edge.Invoker.Calls);
        Assert.Equal(new SkillId("echo"), call.Skill);
        Assert.Equal("echo", call.Method);
        Assert.Equal(Caller.Edge, call.Caller);
        Assert.Equal(client.SessionId, call.SessionId);
        Assert.NotEmpty(call.SessionId);
        Assert.NotEmpty(call.TraceId);
        Assert.Equal(TimeSpan.FromSeconds(90), call.Deadline.Remaining(edge.Time));
        Assert.Equal("""{"message":"hi"}""", MessagePack.MessagePackSerializer.ConvertToJson(call.Payload, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Call_OfANewClient_HasNoSession()
    {
        await using var edge = await EdgeFixture.StartAsync([s_echo]);
        await using var client = await edge.ConnectAsync(Newest);

        await client.CallToolAsync("echo__ping", cancellationToken: Cancellation);

        Assert.Equal("", Assert.Single(edge.Invoker.Calls).SessionId);
    }

    [Theory]
    [InlineData("echo__nothing")]
    [InlineData("other__echo")]
    [InlineData("echo")]
    [InlineData("Echo__echo")]
    public async Task Call_UnknownTool_IsAProtocolError(string name)
    {
        await using var edge = await EdgeFixture.StartAsync([s_echo]);
        await using var client = await edge.ConnectAsync();

        var error = await Assert.ThrowsAsync<McpProtocolException>(
            async () => await client.CallToolAsync(name, cancellationToken: Cancellation));

        Assert.Equal(McpErrorCode.InvalidParams, error.ErrorCode);
        Assert.Empty(edge.Invoker.Calls);
    }

    [Theory]
    [InlineData("echo__inner")]
    [InlineData("echo/inner")]
    [InlineData("echo__on_data")]
    [InlineData("echo/on_data")]
    [InlineData("files__delete")]
    [InlineData("files__write")]
    public async Task M_3_Call_HiddenMethod_IsAnUnknownTool(string name)
    {
        var mapping = new McpMapping(McpMappingKind.PerMethod, ["delete"], ["read", "delete"]);
        var files = TestSkills.Skill("files", mapping, TestSkills.Method("read"), TestSkills.Method("delete"), TestSkills.Method("write"));
        await using var edge = await EdgeFixture.StartAsync([s_echo, files]);
        await using var client = await edge.ConnectAsync();

        var error = await Assert.ThrowsAsync<McpProtocolException>(
            async () => await client.CallToolAsync(name, cancellationToken: Cancellation));

        Assert.Equal(McpErrorCode.InvalidParams, error.ErrorCode);
        Assert.Empty(edge.Invoker.Calls);
        Assert.DoesNotContain(await client.ListToolsAsync(cancellationToken: Cancellation), tool => tool.Name == name);
    }

    [Theory]
    [InlineData(InvocationError.NodeLost, "NODE_LOST", false)]
    [InlineData(InvocationError.Busy, "BUSY", true)]
    [InlineData(InvocationError.SkillError, "SKILL_ERROR", false)]
    public async Task Call_Failed_IsAnErrorResultWithCodeAndRetryable(InvocationError error, string code, bool retryable)
    {
        await using var edge = await EdgeFixture.StartAsync([s_echo]);
        edge.Invoker.AnswerWith(InvocationResult.Failure(error, "it \u001b[31mfailed") with { Node = TestSkills.NodeId });
        await using var client = await edge.ConnectAsync();

        var result = await client.CallToolAsync("echo__ping", cancellationToken: Cancellation);

        Assert.True(result.IsError);
        Assert.Equal("it \\u001b[31mfailed", Text(result));
        Assert.Equal(code, (string?)result.Meta!["luminarys/code"]);
        Assert.Equal(retryable, (bool?)result.Meta["luminarys/retryable"]);
        Assert.Equal("node-1", (string?)result.Meta["luminarys/node"]);
        Assert.Equal(Assert.Single(edge.Invoker.Calls).Id.ToString(), (string?)result.Meta["luminarys/call"]);
    }

    [Fact]
    public async Task Call_InvokerThrows_IsAnInternalErrorWithoutDetails()
    {
        await using var edge = await EdgeFixture.StartAsync([s_echo]);
        edge.Invoker.Answer = (_, _) => throw new InvalidOperationException("secret path /etc/shadow");
        await using var client = await edge.ConnectAsync();

        var result = await client.CallToolAsync("echo__ping", cancellationToken: Cancellation);

        Assert.True(result.IsError);
        Assert.DoesNotContain("secret", Text(result), StringComparison.Ordinal);
        Assert.Equal("INTERNAL", (string?)result.Meta!["luminarys/code"]);
        Assert.NotNull((string?)result.Meta["luminarys/call"]);
    }

    [Fact]
    public async Task Call_BadArguments_AreRefusedBeforeTheInvoker()
    {
        await using var edge = await EdgeFixture.StartAsync([s_echo]);
        await using var client = await edge.ConnectAsync();

        var missing = await client.CallToolAsync("echo__echo", cancellationToken: Cancellation);
        var unknown = await client.CallToolAsync("echo__ping", Arguments("extra", 1), cancellationToken: Cancellation);

        Assert.True(missing.IsError);
        Assert.Equal("missing required parameter: message", Text(missing));
        Assert.Equal("BAD_ARGUMENT", (string?)missing.Meta!["luminarys/code"]);
        Assert.Equal("unknown parameter: extra", Text(unknown));
        Assert.Empty(edge.Invoker.Calls);
    }

    [Fact]
    public async Task Call_LlmContext_IsASecondTextBlock()
    {
        await using var edge = await EdgeFixture.StartAsync([s_echo]);
        edge.Invoker.AnswerText("first", "second\u0007");
        await using var client = await edge.ConnectAsync();

        var result = await client.CallToolAsync("echo__ping", cancellationToken: Cancellation);

        Assert.Equal(["first", "second\\u0007"], result.Content.Cast<TextContentBlock>().Select(block => block.Text));
    }

    [Theory]
    [InlineData(Newest, """{"a":1,"b":[true,null]}""", """{"a":1,"b":[true,null]}""")]
    [InlineData(Older, """{"a":1,"b":[true,null]}""", """{"a":1,"b":[true,null]}""")]
    [InlineData(Newest, """[1,"x"]""", """[1,"x"]""")]
    [InlineData(Older, """[1,"x"]""", """{"items":[1,"x"]}""")]
    [InlineData(Older, """[]""", """{"items":[]}""")]
    public async Task Call_MapOrArray_IsStructuredAndText(string version, string value, string structured)
    {
        await using var edge = await EdgeFixture.StartAsync([s_echo]);
        edge.Invoker.AnswerWith(InvocationResult.Success(FakeInvoker.FromJson(value)));
        await using var client = await edge.ConnectAsync(version);

        var result = await client.CallToolAsync("echo__ping", cancellationToken: Cancellation);

        Assert.Equal(value, Text(result));
        Assert.Equal(structured, JsonSerializer.Serialize(result.StructuredContent));
    }

    [Fact]
    public async Task Call_HostileResult_IsAnErrorResult()
    {
        await using var edge = await EdgeFixture.StartAsync([s_echo]);
        edge.Invoker.AnswerWith(InvocationResult.Success(new byte[] { 0xdd, 0xff, 0xff, 0xff, 0xff }));
        await using var client = await edge.ConnectAsync();

        var result = await client.CallToolAsync("echo__ping", cancellationToken: Cancellation);

        Assert.True(result.IsError);
        Assert.Equal("SKILL_ERROR", (string?)result.Meta!["luminarys/code"]);
    }

    [Fact]
    public async Task C_6_Call_GivenUpByTheClient_CancelsTheInvocation()
    {
        await using var edge = await EdgeFixture.StartAsync([s_echo]);
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        edge.Invoker.Answer = async (_, cancellationToken) =>
        {
            using var registration = cancellationToken.Register(ended.SetResult);
            began.SetResult();
            await ended.Task;
            return InvocationResult.Failure(InvocationError.Cancelled, "cancelled");
        };
        await using var client = await edge.ConnectAsync();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var call = client.CallToolAsync("echo__ping", cancellationToken: giveUp.Token).AsTask();
        await began.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
    }

    [Fact]
    public async Task Call_WholeSkillTool_SelectsTheMethodByArgument()
    {
        var mapping = new McpMapping(McpMappingKind.PerSkill, ["hidden"], null);
        var math = TestSkills.Skill(
            "math", mapping, TestSkills.Method("add", TestSkills.Parameter("a", ParameterType.Integer, required: true)), TestSkills.Method("hidden"));
        await using var edge = await EdgeFixture.StartAsync([math]);
        await using var client = await edge.ConnectAsync();
        async Task<CallToolResult> CallAsync(string json) => await client.CallToolAsync(
            "math", JsonSerializer.Deserialize<Dictionary<string, object?>>(json), cancellationToken: Cancellation);

        var good = await CallAsync("""{"method":"add","arguments":{"a":"2"}}""");
        var hidden = await CallAsync("""{"method":"hidden"}""");
        var bare = await CallAsync("{}");
        var extra = await CallAsync("""{"method":"add","a":2}""");
        var wrong = await CallAsync("""{"method":"add","arguments":[2]}""");
        var missing = await CallAsync("""{"method":"add","arguments":null}""");

        Assert.Equal("""{"a":2}""", Text(good));
        Assert.Equal("invalid parameter method: expected one of add", Text(hidden));
        Assert.Equal("missing required parameter: method", Text(bare));
        Assert.Equal("unknown parameter: a", Text(extra));
        Assert.Equal("invalid parameter arguments: expected an object", Text(wrong));
        Assert.Equal("missing required parameter: a", Text(missing));
        Assert.Equal("add", Assert.Single(edge.Invoker.Calls).Method);
    }

    private static Dictionary<string, object?> Arguments(string name, object value) => new() { [name] = value };

    private static string Text(CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
}
