using Luminarys.Invocations;
using Luminarys.Runtime.Wasm.Commands;
using Luminarys.Skills;
using static Luminarys.Runtime.Wasm.Tests.Commands.CommandScene;

namespace Luminarys.Runtime.Wasm.Tests.Commands;

public sealed class CommandRunnerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task S11_CallModule_TheCalleeSeesTheCallerThatTheHostSet()
    {
        await using var scene = await StartAsync();
        await scene.AddAsync("callee", "echo");
        var call = scene.Harness.Call("answer", Response(Command(
            "call_module", ("skill_id", "callee"), ("method", "raw"), ("caller_id", "forged"), ("payload", Map(("a", 1))), ("callback", "keep"), ("call_ctx", "c1"))));

        await scene.Harness.Runtime.InvokeAsync(call with { TraceId = "t1", SessionId = "s1" }, Token);

        var callback = await scene.WaitForStateAsync();
        Assert.Equal(("callee", "raw", "c1", ""), (callback["skill_id"], callback["method"], callback["call_ctx"], callback["error"]));
        var request = (Dictionary<object, object>)RuntimeHarness.Decode((byte[])callback["payload"])!;
        Assert.Equal(("guest", "t1", "s1"), (request["caller_id"], request["trace_id"], request["session_id"]));
        Assert.Equal(Encode(Map(("a", 1))), (byte[])request["payload"]);
        Assert.Equal(1, Assert.Single(scene.Host.Calls).Depth);
    }

    [Theory]
    [InlineData("", "*")]
    [InlineData("other", "*")]
    [InlineData("callee", "")]
    [InlineData("callee", "other")]
    public async Task S11_CallModule_OneSideDoesNotAllowIt_IsDenied(string canInvoke, string canBeInvokedBy)
    {
        await using var scene = await StartAsync(manifest: manifest => manifest with { InvokePolicy = new([canInvoke], []) });
        await scene.AddAsync("callee", manifest: manifest => manifest with { InvokePolicy = new([], [canBeInvokedBy]) });

        await scene.AnswerAsync(Command("call_module", ("skill_id", "callee"), ("method", "keep"), ("callback", "keep")));

        Assert.Equal("permission denied", (await scene.WaitForStateAsync())["error"]);
        Assert.Contains("invoke_policy.can_", Assert.Single(scene.Harness.Log.Of(3030)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallModule_GlobsInThePolicy_Count()
    {
        await using var scene = await StartAsync(manifest: manifest => manifest with { InvokePolicy = new(["cal*"], []) });
        await scene.AddAsync("callee", manifest: manifest => manifest with { InvokePolicy = new([], ["{guest,other}"]) });

        await scene.AnswerAsync(Command("call_module", ("skill_id", "callee"), ("method", "echo"), ("payload", null), ("callback", "keep")));

        Assert.Equal("", (await scene.WaitForStateAsync())["error"]);
    }

    [Theory]
    [InlineData("nobody", "echo", "NO_SUCH_SKILL")]
    [InlineData("no id", "echo", "NO_SUCH_SKILL")]
    [InlineData("callee", "nothing", "NO_SUCH_METHOD")]
    [InlineData("callee", "trap", "SKILL_TRAP")]
    public async Task CallModule_Fails_TheCallbackGetsTheError(string skill, string method, string error)
    {
        await using var scene = await StartAsync();
        await scene.AddAsync("callee");

        await scene.AnswerAsync(Command("call_module", ("skill_id", skill), ("method", method), ("callback", "keep")));

        var callback = await scene.WaitForStateAsync();
        Assert.StartsWith(error, (string)callback["error"], StringComparison.Ordinal);
        Assert.Empty((byte[])callback["payload"]);
    }

    [Fact]
    public async Task CallModule_PayloadInEveryForm_BecomesTheArgumentMap()
    {
        await using var scene = await StartAsync();
        await scene.AddAsync("callee");
        object?[] payloads = [Map(("x", 1)), Encode(Map(("x", 1))), null, "text", Array.Empty<byte>(), new byte[] { 0xc1 }];

        await scene.AnswerAsync(
            [.. payloads.Select(payload => Command("call_module", ("skill_id", "callee"), ("method", "echo"), ("payload", payload)))]);
        await UntilAsync(() => scene.Harness.Log.Of(3070).Any(line => line.Contains("BAD_ARGUMENT", StringComparison.Ordinal)));

        byte[][] expected = [Encode(Map(("x", 1))), Encode(Map(("x", 1))), [0x80], Encode(Map(("payload", "text"))), [0x80]];
        Assert.Equal(expected.Length, scene.Host.Calls.Count);
        Assert.Equal(expected, scene.Host.Calls.Select(call => call.Payload.ToArray()));
    }

    [Fact]
    public async Task Commands_FieldsAsBytes_AsAssemblyScriptSendsThem_AreRead()
    {
        await using var scene = await StartAsync();
        var command = Map(("type", "load_kv"), ("payload", Encode(Map(("key", "k"), ("callback", "keep")))));

        await scene.AnswerAsync(command);

        Assert.Equal("k", (await scene.WaitForStateAsync())["key"]);
    }

    [Fact]
    public async Task BatchInvoke_AnswersEveryItemByItsIndex()
    {
        await using var scene = await StartAsync();
        await scene.AddAsync("callee");
        object[] items =
        [
            Map(("index", 7), ("skill_id", "callee"), ("method", "echo"), ("payload", Encode(Map(("n", 7))))),
            Map(("index", 3), ("skill_id", "callee"), ("method", "nothing"), ("payload", Array.Empty<byte>())),
            Map(("index", 5), ("skill_id", "callee"), ("method", "keep"), ("payload", Encode(Map(("n", 5))))),
        ];

        await scene.AnswerAsync(Command("batch_invoke", ("items", items), ("callback", "keep"), ("concurrency", 0)));

        var callback = await scene.WaitForStateAsync();
        var answers = ((object[])callback["items"]).Cast<Dictionary<object, object>>().ToArray();
        Assert.Equal(32, ((string)callback["batch_id"]).Length);
        Assert.Equal([3L, 5L, 7L], answers.Select(answer => Convert.ToInt64(answer["index"])));
        Assert.StartsWith("NO_SUCH_METHOD", (string)answers[0]["error"], StringComparison.Ordinal);
        Assert.False(answers[0].ContainsKey("payload"));
        Assert.Single(answers[1]);
        Assert.Equal(Encode(Map(("n", 7))), answers[2]["payload"]);
        Assert.False(answers[2].ContainsKey("error"));
    }

    [Theory]
    [InlineData(256, false)]
    [InlineData(257, true)]
    public async Task BatchInvoke_BeyondTheFanOut_IsRefusedAsAWhole(int count, bool isRefused)
    {
        await using var scene = await StartAsync(options => options.QueueLength = 500);
        await scene.AddAsync("callee");
        object[] items = [.. Enumerable.Range(0, count).Select(i => Map(("index", i), ("skill_id", "callee"), ("method", "echo")))];

        await scene.AnswerAsync(Command("batch_invoke", ("items", items), ("callback", "keep")));

        if (isRefused)
        {
            // Without a callback: one for each refusal could lead on for ever.
            await scene.Harness.Log.WaitForAsync(3070);
            Assert.Contains("may lead to 256 commands", Assert.Single(scene.Harness.Log.Of(3070)), StringComparison.Ordinal);
            Assert.Empty(scene.Host.Calls);
            return;
        }

        var answers = ((object[])(await scene.WaitForStateAsync())["items"]).Cast<Dictionary<object, object>>();
        Assert.Equal(count, scene.Host.Calls.Count);
        Assert.All(answers, answer => Assert.False(answer.ContainsKey("error")));
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public async Task CallModule_ChainOfCalls_EndsAtDepth16(int length, bool arrives)
    {
        await using var scene = await StartAsync();
        await scene.AddAsync("end");
        var last = Command("call_module", ("skill_id", "end"), ("method", "keep"), ("payload", Map(("arrived", true))));
        for (var i = 1; i < length; i++)
        {
            last = Command("call_module", ("skill_id", "guest"), ("method", "answer"), ("payload", Response(last)));
        }

        await scene.AnswerAsync(last);

        if (arrives)
        {
            await scene.WaitForStateAsync("end");
        }
        else
        {
            await UntilAsync(() => scene.Harness.Log.Of(3070).Any(line => line.Contains("lead to each other 16 times", StringComparison.Ordinal)));
            Assert.Equal(16, scene.Host.Calls.Max(call => call.Depth));
        }
    }

    [Fact]
    public async Task CallModule_SkillsThatCallEachOther_NeverWaitInACircle()
    {
        await using var scene = await StartAsync();
        await scene.AddAsync("other");
        var back = Response(Command("call_module", ("skill_id", "guest"), ("method", "keep"), ("payload", Map(("round", 2))), ("callback", "keep")));

        await scene.AnswerAsync(Command("call_module", ("skill_id", "other"), ("method", "answer"), ("payload", back), ("callback", "keep")));

        await scene.WaitForStateAsync("other", state => Equals(state["error"], ""));
        Assert.True((await scene.Harness.InvokeAsync("echo")).IsSuccess);
    }

    [Fact]
    public async Task CallModule_EveryPlaceOfTheOtherIsTaken_IsBusy()
    {
        await using var scene = await StartAsync(options => options.QueueLength = 1);
        await scene.AddAsync("callee");
        using var caller = new CancellationTokenSource();
        var spinning = Enumerable.Range(0, 2)
            .Select(_ => scene.Harness.Runtime.InvokeAsync(scene.Harness.Call("spin") with { Skill = new SkillId("callee") }, caller.Token).AsTask()).ToArray();

        await scene.AnswerAsync(Command("call_module", ("skill_id", "callee"), ("method", "echo"), ("callback", "keep")));

        Assert.StartsWith("BUSY", (string)(await scene.WaitForStateAsync())["error"], StringComparison.Ordinal);
        await caller.CancelAsync();
        await Task.WhenAll(spinning);
    }

    [Fact]
    public async Task StoreAndLoad_InOrder_TheValueIsFound()
    {
        await using var scene = await StartAsync();

        await scene.AnswerAsync(
            Command("store_kv", ("key", "k"), ("value", Map(("deep", new object[] { 1, "two" })))),
            Command("load_kv", ("key", "k"), ("callback", "keep")));

        var callback = await scene.WaitForStateAsync();
        Assert.True((bool)callback["found"]);
        Assert.Equal("two", ((object[])((Dictionary<object, object>)callback["value"])["deep"])[1]);
    }

    [Fact]
    public async Task Load_NothingStored_IsNotFound()
    {
        await using var scene = await StartAsync();

        await scene.AnswerAsync(Command("load_kv", ("key", "k"), ("callback", "keep")));

        var callback = await scene.WaitForStateAsync();
        Assert.Equal((false, null), ((bool)callback["found"], callback["value"]));
    }

    [Fact]
    public async Task Load_ThatNobodyCouldAnswer_IsAnErrorAndNotAMissingValue()
    {
        await using var scene = await StartAsync();
        scene.Host.ValueFault = new(InvocationError.NotServing, "this node has no master");

        await scene.AnswerAsync(Command("load_kv", ("key", "k"), ("callback", "keep")));

        var callback = await scene.WaitForStateAsync();
        Assert.Equal((false, "NOT_SERVING: this node has no master"), ((bool)callback["found"], callback["error"]));
        await UntilAsync(() => scene.Harness.Log.Of(3070).Any(line => line.Contains("no master", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Store_OtherSkillsValue_IsNotSeen()
    {
        await using var scene = await StartAsync();
        await scene.AddAsync("other");

        await scene.Harness.Runtime.InvokeAsync(
            scene.Harness.Call("answer", Response(Command("store_kv", ("key", "k"), ("value", 1)))) with { Skill = new SkillId("other") }, Token);
        await scene.AnswerAsync(Command("load_kv", ("key", "k"), ("callback", "keep")));

        Assert.False((bool)(await scene.WaitForStateAsync())["found"]);
    }

    [Fact]
    public async Task EmitAndSubscribe_TheCallbackGetsTheEvent()
    {
        await using var scene = await StartAsync();
        await scene.AddAsync("other");

        await scene.AnswerAsync(
            Command("subscribe", ("topic", "news"), ("callback", "keep")), Command("load_kv", ("key", "k"), ("callback", "keep")));
        await scene.WaitForStateAsync();
        await scene.Harness.Runtime.InvokeAsync(
            scene.Harness.Call("answer", Response(Command("emit_event", ("topic", "news"), ("payload", "hot")))) with { Skill = new SkillId("other") }, Token);

        var callback = await scene.WaitForStateAsync(test: state => state.ContainsKey("topic"));
        Assert.Equal(("news", "hot", "other"), (callback["topic"], callback["payload"], callback["source"]));
    }

    [Fact]
    public async Task EmitAndSubscribe_AnswersEventsWithEvents_ComesToAnEnd()
    {
        await using var scene = await StartAsync();
        var events = 0;

        // Each event leads to a call that asks for the next one.
        using var subscription = scene.Host.Subscribe("loop", skillEvent =>
        {
            events++;
            var call = scene.Harness.Call("answer", Response(Command("emit_event", ("topic", "loop"), ("payload", 0))));
            _ = scene.Harness.Runtime.InvokeAsync(call with { Depth = skillEvent.Depth, TraceId = skillEvent.TraceId }, Token).AsTask();
        });
        await scene.AnswerAsync(Command("emit_event", ("topic", "loop"), ("payload", 0)));

        await UntilAsync(() => scene.Harness.Log.Of(3070).Any(line => line.Contains("lead to each other", StringComparison.Ordinal)));
        Assert.InRange(events, 2, 17);
    }

    [Theory]
    [InlineData("spawn", "unsupported command")]
    [InlineData("terminate", "unsupported command")]
    [InlineData("subscribe", "has no method ''")]
    [InlineData("load_kv", "names nothing")]
    public async Task Commands_ThatCannotBeDone_AreLoggedAndTheNextOneRuns(string type, string reason)
    {
        await using var scene = await StartAsync();

        await scene.AnswerAsync(Command(type, ("topic", "t")) is var command && type != "load_kv" ? command : Command(type), Command("load_kv", ("key", "k"), ("callback", "keep")));

        await scene.WaitForStateAsync();
        Assert.Contains(reason, Assert.Single(scene.Harness.Log.Of(3070)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_OfAFailedCall_AreNotDone()
    {
        await using var scene = await StartAsync();
        var failed = Encode(Map(
            ("version", 1), ("error", "it failed"), ("state", Encode(Map(("bad", true)))), ("commands", new[] { Command("load_kv", ("key", "bad"), ("callback", "keep")) })));

        Assert.Equal(InvocationError.SkillError, (await scene.Harness.InvokeAsync("answer", failed)).Error);
        await scene.AnswerAsync(Command("load_kv", ("key", "good"), ("callback", "keep")));

        Assert.Equal("good", (await scene.WaitForStateAsync())["key"]);
    }

    [Fact]
    public async Task Callbacks_RunOneAtATimeInOrder_AlsoWhenTheQueueIsFull()
    {
        await using var scene = await StartAsync(options => options.QueueLength = 1);
        using var caller = new CancellationTokenSource();
        object[] loads = [.. Enumerable.Range(0, 50).Select(i => Command("load_kv", ("key", $"k{i}"), ("callback", "keep")))];

        await scene.AnswerAsync(loads);
        var spinning = Enumerable.Range(0, 2).Select(_ => scene.Harness.Runtime.InvokeAsync(scene.Harness.Call("spin"), caller.Token).AsTask()).ToArray();
        await caller.CancelAsync();
        await Task.WhenAll(spinning);

        await scene.WaitForStateAsync(test: state => Equals(state["key"], "k49"));
        Assert.Empty(scene.Harness.Log.Of(3072));
    }

    [Fact]
    public async Task Unload_WhileACommandWaits_EndsIt()
    {
        await using var scene = await StartAsync();
        await scene.AddAsync("callee");

        await scene.AnswerAsync(Command("call_module", ("skill_id", "callee"), ("method", "spin")));
        await UntilAsync(() => !scene.Host.Calls.IsEmpty);

        Assert.True(await scene.Harness.Runtime.UnloadAsync(RuntimeHarness.Id, Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Token));
        Assert.True((await scene.Harness.Runtime.InvokeAsync(scene.Harness.Call("echo") with { Skill = new SkillId("callee") }, Token)).IsSuccess);
    }

    [Fact]
    public void FanOut_IsSharedByAllSkillsOfAChain()
    {
        var clock = new ManualClock();
        var table = new FanOutTable(clock);
        var root = new Invocation(CallId.New(clock), RuntimeHarness.Id, "m", default, Caller.Edge, Deadline.Never) { TraceId = "t" };
        var origin = CommandOrigin.After(root);
        table.Begin(root, origin);

        Assert.True(table.TryTake(origin, 200));
        table.Begin(root with { Depth = 1 }, origin);
        Assert.False(table.TryTake(origin, 57));
        Assert.True(table.TryTake(origin, 56));
        table.Begin(root, origin);
        Assert.True(table.TryTake(origin, 256));
    }

    [Fact]
    public void S11_FanOut_ClientChoosesTheTraceOfAnotherCall_NeitherSharesNorRenewsItsCount()
    {
        var clock = new ManualClock();
        var table = new FanOutTable(clock);
        var victim = new Invocation(CallId.New(clock), RuntimeHarness.Id, "m", default, Caller.Edge, Deadline.Never) { TraceId = "t" };
        var attacker = victim with { Id = CallId.New(clock) };
        table.Begin(victim, CommandOrigin.After(victim));
        table.Begin(attacker, CommandOrigin.After(attacker));

        Assert.True(table.TryTake(CommandOrigin.After(attacker), 256));
        Assert.True(table.TryTake(CommandOrigin.After(victim), 256));
        table.Begin(attacker with { Id = CallId.New(clock) }, CommandOrigin.After(attacker with { Id = CallId.New(clock) }));

        Assert.False(table.TryTake(CommandOrigin.After(victim), 1));
        var deeper = victim with { Id = CallId.New(clock), Root = victim.Root, Depth = 1 };
        Assert.False(table.TryTake(CommandOrigin.After(deeper), 1));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var left = 2000; left > 0 && !condition(); left--)
        {
            await Task.Delay(5, Token);
        }

        Assert.True(condition());
    }
}
