using Luminarys.Invocations;
using Luminarys.Runtime.Wasm.Tests.Commands;
using Luminarys.Skills;
using Luminarys.State;

namespace Luminarys.Runtime.Wasm.Tests.Engine;

public sealed class SkillStateTests
{
    private static readonly StateKey s_key = new(RuntimeHarness.Id, new PackageId("test.commands"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task State_OfAnEarlierRuntime_ComesBack()
    {
        var states = new MemoryStateStore();
        await using (var first = await CommandScene.StartAsync(states: states))
        {
            await first.Harness.InvokeAsync("keep", [0x81, 0xa1, 0x61, 0x01]);
        }

        await using var second = await CommandScene.StartAsync(states: states);

        Assert.Equal([0x81, 0xa1, 0x61, 0x01], (await states.FindStateAsync(s_key, Token)).ToArray());
        await second.Harness.InvokeAsync("answer", CommandScene.Response());
        Assert.Equal([0x81, 0xa1, 0x61, 0x01], (await states.FindStateAsync(s_key, Token)).ToArray());
    }

    [Fact]
    public async Task State_OfAnotherPackageUnderTheSameId_IsNotGiven()
    {
        var states = new MemoryStateStore();
        await states.SaveStateAsync(new StateKey(RuntimeHarness.Id, new PackageId("somebody.else")), new byte[] { 1 }, Token);
        await using var harness = new RuntimeHarness(states: states);
        Assert.Null((await harness.LoadAsync("echo")).Error);

        var request = (Dictionary<object, object>)(await harness.AskAsync("raw"))!;

        Assert.Empty((byte[])request["state"]);
    }

    [Fact]
    public async Task State_IsStoredBeforeTheCallerHearsOfSuccessAndBeforeCommandsRun()
    {
        var stored = new TaskCompletionSource();
        var states = new TroubledStore { OnSave = () => stored.Task };
        await using var scene = await CommandScene.StartAsync(states: states);
        var response = CommandScene.Encode(CommandScene.Map(
            ("version", 1), ("state", new byte[] { 1 }), ("commands", new[] { CommandScene.Command("call_module", ("skill_id", "guest"), ("method", "echo")) })));

        var call = scene.Harness.InvokeAsync("answer", response);
        await Task.WhenAny(call, Task.Delay(100, Token));

        Assert.False(call.IsCompleted);
        Assert.Empty(scene.Host.Calls);
        stored.SetResult();
        Assert.True((await call).IsSuccess);
    }

    [Fact]
    public async Task State_CannotBeStored_TheCallFailsAndTheOldOneStays()
    {
        var states = new TroubledStore { OnSave = () => throw new IOException("disk full") };
        await using var harness = new RuntimeHarness(states: states);
        Assert.Null((await harness.LoadAsync("echo")).Error);

        var result = await harness.InvokeAsync("save", [1, 2]);

        Assert.Equal(InvocationError.Internal, result.Error);
        Assert.Single(harness.Log.Of(3074));
        Assert.Empty((byte[])((Dictionary<object, object>)(await harness.AskAsync("raw"))!)["state"]);
    }

    [Fact]
    public async Task State_ComesBackUnchanged_IsNotWrittenAgain()
    {
        var writes = 0;
        var states = new TroubledStore { OnSave = () => Task.FromResult(writes++) };
        await using var scene = await CommandScene.StartAsync(states: states);

        await scene.Harness.InvokeAsync("keep", [1]);
        await scene.Harness.InvokeAsync("keep", [1]);
        await scene.Harness.InvokeAsync("echo", [2]);

        Assert.Equal(1, writes);
    }

    [Fact]
    public async Task State_CannotBeRead_TheSkillDoesNotLoad()
    {
        var states = new TroubledStore { OnFind = () => throw new IOException("bad block") };
        await using var harness = new RuntimeHarness(states: states);

        Assert.Contains("its stored state cannot be read: bad block", (await harness.LoadAsync("echo")).Error, StringComparison.Ordinal);
    }
}
