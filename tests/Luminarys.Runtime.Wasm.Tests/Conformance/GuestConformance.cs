using System.Collections.Immutable;
using System.Globalization;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Tests.Conformance;

/// <summary>
/// What every guest of a published library must get from the host. The guests turn the mistakes that a host can make into panics, so a test
/// that only calls them is a test of the rules of their memory too.
/// </summary>
public abstract class GuestConformance
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Module below <c>tests/assets</c>.</summary>
    protected abstract string Guest { get; }

    /// <summary>What <c>skill_describe</c> answers as the id of the package.</summary>
    protected abstract string PackageName { get; }

    /// <summary>How a panic with the text <c>boom</c> ends.</summary>
    protected abstract (InvocationError Error, string Message) Panic { get; }

    [Fact]
    public async Task Load_Guest_IsInitialisedOnceAndDescribesItself()
    {
        await using var harness = new RuntimeHarness();

        var loaded = await harness.LoadAsync(Guest, Grant);

        Assert.Null(loaded.Error);
        var skill = loaded.Skill!.Descriptor;
        Assert.Equal(PackageName, skill.Package.Value);
        Assert.Equal(512, skill.SdkVersion);
        Assert.Equal(37, skill.Methods.Count(method => HostFunctionTable.Names.Contains(method.Name)));
        Assert.Equal(("message", ParameterType.String, true), Single(skill, "echo"));
        Assert.Equal(("commands", ParameterType.Array, true), Single(skill, "commands"));
        Assert.Equal(["on_event", "on_private"], skill.Methods.Where(method => method.IsHidden).Select(method => method.Name));
        Assert.Equal(["on_private"], skill.Methods.Where(method => method.IsCallback).Select(method => method.Name));
    }

    [Fact]
    public async Task Invoke_Request_HasEveryField()
    {
        await using var harness = await StartAsync();
        var call = harness.Call("request") with { TraceId = "trace-1", SessionId = "session-1", Caller = new Caller(CallerKind.Skill, new SkillId("other")) };

        var result = await harness.Runtime.InvokeAsync(call, Token);

        Assert.True(result.IsSuccess, result.Message);
        var fields = (Dictionary<object, object>)RuntimeHarness.Decode(result.Payload)!;
        Assert.Equal(call.Id.Value.ToString("N"), fields["request_id"]);
        Assert.Equal("trace-1", fields["trace_id"]);
        Assert.Equal("session-1", fields["session_id"]);
        Assert.Equal("", fields["llm_session_id"]);
        Assert.Equal("request", fields["method"]);
        Assert.Equal("guest", fields["skill_id"]);
        Assert.Equal("other", fields["caller_id"]);
        Assert.Equal(1, Number(fields["version"]));
        var deadline = DateTimeOffset.FromUnixTimeMilliseconds(Number(fields["deadline_ns"]) / 1_000_000);
        Assert.InRange(deadline, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddMinutes(16));
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("Grüße, 世界 🌍 \u0000\n")]
    public async Task Invoke_Text_ComesBackAsItIs(string text)
    {
        await using var harness = await StartAsync();

        Assert.Equal(text, await harness.AskAsync("echo", RuntimeHarness.Pack(("message", text))));
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(-1L)]
    [InlineData(-33L)]
    [InlineData(127L)]
    [InlineData(128L)]
    [InlineData(65536L)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task Invoke_Integer_KeepsItsValueInEveryWidth(long number)
    {
        await using var harness = await StartAsync();

        Assert.Equal(number, Number((await harness.AskAsync("value", RuntimeHarness.Pack(("value", number))))!));
    }

    [Fact]
    public async Task Invoke_OtherValues_ComeBackAsTheyAre()
    {
        await using var harness = await StartAsync();
        object?[] values = [true, false, null, 0.5, -1e300, new byte[] { 0, 255, 1 }, new object[] { "a", new object[] { true } }, new byte[300]];

        foreach (var value in values)
        {
            Assert.Equal(value, await harness.AskAsync("value", RuntimeHarness.Pack(("value", value))));
        }

        var map = await harness.AskAsync("value", RuntimeHarness.Pack(("value", new Dictionary<object, object> { ["k"] = "v" })));
        Assert.Equal("v", ((Dictionary<object, object>)map!)["k"]);
    }

    [Fact]
    public async Task Invoke_NoArguments_AreAnEmptyMapOrNothing()
    {
        await using var harness = await StartAsync();

        Assert.True((await harness.InvokeAsync("request", [0x80])).IsSuccess);
        Assert.True((await harness.InvokeAsync("request", [])).IsSuccess);
    }

    [Fact]
    public async Task Invoke_OneMegabyte_ComesBack()
    {
        await using var harness = await StartAsync();
        var bytes = new byte[1 << 20];
        Random.Shared.NextBytes(bytes);

        Assert.Equal(bytes, await harness.AskAsync("value", RuntimeHarness.Pack(("value", bytes))));
    }

    [Fact]
    public async Task Invoke_10000Calls_LeaveGuestMemoryFlatAndFreesBalanced()
    {
        await using var harness = await StartAsync(KeyOf(100));
        var quiet = RuntimeHarness.Pack(("count", 0), ("name", "env_get"), ("key", "K"));
        var busy = RuntimeHarness.Pack(("count", 3), ("name", "env_get"), ("key", "K"));
        var pages = 0L;

        for (var i = 0; i < 10_000; i++)
        {
            // Every eighth call makes three calls to the host: fewer than what would be delayed.
            var memory = (object[])(await harness.AskAsync("storm", i % 8 == 0 ? busy : quiet))!;

            // One block is alive when a call begins: its request.
            Assert.Equal(1, Number(memory[0]));
            if (i == 1000)
            {
                pages = Number(memory[5]);
            }
            else if (i > 1000)
            {
                Assert.Equal(pages, Number(memory[5]));
            }
        }
    }

    [Fact]
    public async Task Invoke_ThousandsOfHostCalls_StayBelowTheMemoryLimit()
    {
        // 100 MB of answers go through a guest of 64 MiB: the host must give old ones back before the call ends, and the guest panics when it
        // gives back one too early, twice, or one that may still be read.
        await using var harness = await StartAsync(KeyOf(100_000));

        var memory = (object[])(await harness.AskAsync("storm", RuntimeHarness.Pack(("count", 1000), ("name", "env_get"), ("key", "K"))))!;
        var after = (object[])(await harness.AskAsync("memory"))!;

        Assert.InRange(Number(memory[2]), 0, 9L << 20);
        Assert.Equal(1, Number(after[0]));
    }

    [Fact]
    public async Task Invoke_MethodFails_AnswersItsTextAndKeepsTheInstance()
    {
        await using var harness = await StartAsync();
        await harness.InvokeAsync("on_event_unknown");

        var result = await harness.InvokeAsync("fail", RuntimeHarness.Pack(("message", "no such thing")));

        Assert.Equal((InvocationError.SkillError, "no such thing"), (result.Error, result.Message));
    }

    [Fact]
    public async Task Invoke_UnknownMethod_IsAnError()
    {
        await using var harness = await StartAsync();

        Assert.False((await harness.InvokeAsync("no_such_method")).IsSuccess);
    }

    [Fact]
    public async Task Invoke_600Panics_AnswerTheirTextAndLeaveASoundSkill()
    {
        await using var harness = await StartAsync();
        var boom = RuntimeHarness.Pack(("message", "boom"));

        for (var i = 0; i < 600; i++)
        {
            var result = await harness.InvokeAsync("panic", boom);
            Assert.Equal(Panic, (result.Error, result.Message));
        }

        Assert.Equal("alive", await harness.AskAsync("echo", RuntimeHarness.Pack(("message", "alive"))));
    }

    [Fact]
    public async Task Invoke_HostFunctionRefuses_GuestGetsTheTextAndGoesOn()
    {
        await using var harness = await StartAsync(manifest => manifest with { Permissions = Environment("K", "v") });

        for (var i = 0; i < 600; i++)
        {
            var result = await harness.InvokeAsync("fs_read", RuntimeHarness.Pack(("path", "/etc/passwd")));
            Assert.Equal(InvocationError.SkillError, result.Error);
            Assert.StartsWith("abi error: ", result.Message, StringComparison.Ordinal);
        }

        Assert.Equal("""{"value":"v"}""", await harness.AskAsync("env_get", RuntimeHarness.Pack(("key", "K"))));
    }

    [Fact]
    public async Task Invoke_StackOverflow_IsALimitAndTheNextCallWorks()
    {
        await using var harness = await StartAsync();

        var result = await harness.InvokeAsync("overflow");

        Assert.Equal((InvocationError.SkillLimit, "the skill's stack overflowed"), (result.Error, result.Message));
        Assert.True((await harness.InvokeAsync("request")).IsSuccess);
    }

    [Fact]
    public async Task Invoke_EndlessLoop_EndsAtItsDeadline()
    {
        await using var harness = await StartAsync(manifest => manifest with { Limits = new SkillLimits(Timeout: TimeSpan.FromMilliseconds(100)) });

        var result = await harness.InvokeAsync("loop").WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal(InvocationError.Deadline, result.Error);
        Assert.True((await harness.InvokeAsync("request")).IsSuccess);
    }

    [Fact]
    public async Task Invoke_State_StaysUntilAnotherOneIsSavedWithSuccess()
    {
        await using var harness = await StartAsync();
        byte[] first = [1, 2, 3];

        Assert.Equal(Array.Empty<byte>(), await harness.AskAsync("state_get"));
        Assert.True((await harness.InvokeAsync("state_set", RuntimeHarness.Pack(("value", first)))).IsSuccess);
        Assert.True((await harness.InvokeAsync("state_set", RuntimeHarness.Pack(("value", Array.Empty<byte>())))).IsSuccess);
        Assert.False((await harness.InvokeAsync("state_set", RuntimeHarness.Pack(("value", new byte[] { 9 }), ("fail", "no")))).IsSuccess);

        Assert.Equal(first, await harness.AskAsync("state_get"));
    }

    [Fact]
    public async Task Invoke_LlmContext_ComesBesideTheResult()
    {
        await using var harness = await StartAsync();

        var result = await harness.InvokeAsync("llm_context", RuntimeHarness.Pack(("text", "for the model")));

        Assert.Equal("for the model", result.LlmContext);
        Assert.Equal("result", RuntimeHarness.Decode(result.Payload));
    }

    [Fact]
    public async Task Invoke_SystemFunctions_AnswerWhatTheGuestCanDecode()
    {
        await using var harness = await StartAsync(manifest => manifest with { Permissions = Environment("K", "Grüße \u0001") });

        var machine = await harness.AskJsonAsync("sys_info");
        var clock = await harness.AskJsonAsync("time_now");
        var value = await harness.AskJsonAsync("env_get", ("key", "K"));
        var nothing = await harness.AskJsonAsync("env_get", ("key", "OTHER"));
        await harness.AskJsonAsync("log_write", ("level", "info"), ("message", "hello"));
        await harness.AskJsonAsync("log_write", ("level", "info"), ("message", "hello"), ("fields", new Dictionary<object, object> { ["a"] = "b" }));

        Assert.Equal(System.Environment.ProcessorCount, machine.GetProperty("num_cpu").GetInt32());
        Assert.InRange(clock.GetProperty("unix").GetInt64(), 1_700_000_000, long.MaxValue);
        Assert.Equal("Grüße \u0001", value.GetProperty("value").GetString());
        Assert.Equal("", nothing.GetProperty("value").GetString());
    }

    /// <summary>A manifest that grants the one value that the guests ask for, and lets one other skill call them.</summary>
    internal static Manifest Grant(Manifest manifest) => manifest with
    {
        Permissions = Environment("K", "v"),
        InvokePolicy = new([], ["other"]),
    };

    protected static Func<Manifest, Manifest> KeyOf(int length) => manifest => manifest with { Permissions = Environment("K", new string('x', length)) };

    protected static PermissionSet Environment(string key, string value) =>
        PermissionSet.None with { Environment = ImmutableDictionary<string, string>.Empty.Add(key, value) };

    protected static long Number(object value) => value is ulong large ? (long)large : Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private protected Task<RuntimeHarness> StartAsync(Func<Manifest, Manifest>? manifest = null, Action<WasmRuntimeOptions>? configure = null) =>
        RuntimeHarness.StartAsync(Guest, options =>
        {
            // Compiled once for the whole run: these tests start the same modules again and again.
            options.CacheDirectory = WasmAssets.Cache;
            configure?.Invoke(options);
        }, manifest: named => manifest?.Invoke(Grant(named)) ?? Grant(named));

    private static (string Name, ParameterType Type, bool Required) Single(SkillDescriptor skill, string method)
    {
        var parameter = Assert.Single(skill.Methods.Single(candidate => candidate.Name == method).Parameters);
        return (parameter.Name, parameter.Type, parameter.IsRequired);
    }
}
