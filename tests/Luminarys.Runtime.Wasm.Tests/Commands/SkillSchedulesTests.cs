using Luminarys.Runtime.Wasm.Commands;
using Luminarys.State;
using Microsoft.Extensions.Time.Testing;
using static Luminarys.Runtime.Wasm.Tests.Commands.CommandScene;

namespace Luminarys.Runtime.Wasm.Tests.Commands;

public sealed class SkillSchedulesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(60_000, 60)]
    [InlineData(0, 1)]
    [InlineData(-5, 1)]
    public async Task Schedule_RunsWhenItIsDueAndNotEarlier(long delayMs, int seconds)
    {
        var time = new FakeTimeProvider();
        await using var scene = await StartAsync(time: time);

        await scene.AnswerAsync(Command("schedule", ("method", "keep"), ("delay_ms", delayMs), ("payload", Map(("at", "last")))));
        await UntilStoredAsync(scene, 1);
        time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        Assert.Single(await StoredAsync(scene));
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("last", (await scene.WaitForStateAsync())["at"]);
        Assert.Empty(await StoredAsync(scene));
    }

    [Fact]
    public async Task Schedule_OutlivesTheRuntime_AndRunsLateRatherThanNever()
    {
        var time = new FakeTimeProvider();
        var states = new MemoryStateStore();
        await using (var first = await StartAsync(time: time, states: states))
        {
            await first.AnswerAsync(Command("schedule", ("method", "keep"), ("delay_ms", 60_000), ("payload", Map(("at", "last")))));
            await UntilStoredAsync(first, 1);
        }

        time.Advance(TimeSpan.FromDays(1));
        await using var second = await StartAsync(time: time, states: states);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("last", (await second.WaitForStateAsync())["at"]);
        Assert.Empty(await StoredAsync(second));
    }

    [Fact]
    public async Task Schedule_SkillIsUnloaded_DoesNotRunButStaysStored()
    {
        var time = new FakeTimeProvider();
        await using var scene = await StartAsync(time: time);
        await scene.AnswerAsync(Command("schedule", ("method", "keep"), ("delay_ms", 1000)));
        await UntilStoredAsync(scene, 1);

        await scene.Harness.Runtime.UnloadAsync(RuntimeHarness.Id, Token);
        time.Advance(TimeSpan.FromDays(1));

        Assert.Single(await StoredAsync(scene));
    }

    [Fact]
    public async Task Schedule_TheSeventeenth_IsRefused()
    {
        await using var scene = await StartAsync();

        await scene.AnswerAsync([.. Enumerable.Range(0, 17).Select(_ => Command("schedule", ("method", "keep"), ("delay_ms", 3_600_000)))]);
        await scene.Harness.Log.WaitForAsync(3070);

        Assert.Equal(SkillSchedules.MaxOpen, (await StoredAsync(scene)).Length);
        Assert.Contains("16 schedules are open", Assert.Single(scene.Harness.Log.Of(3070)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schedule_UnknownMethod_IsRefused()
    {
        await using var scene = await StartAsync();

        await scene.AnswerAsync(Command("schedule", ("method", "nothing\u001b[2J"), ("delay_ms", 1)));
        await scene.Harness.Log.WaitForAsync(3070);

        Assert.Contains(@"has no method 'nothing\e[2J'", Assert.Single(scene.Harness.Log.Of(3070)), StringComparison.Ordinal);
        Assert.Empty(await StoredAsync(scene));
    }

    [Fact]
    public async Task Schedule_FromAnotherSkillOfTheSamePackage_IsItsOwn()
    {
        var states = new MemoryStateStore();
        var due = TimeProvider.System.GetUtcNow();
        await states.AddScheduleAsync(new Schedule(Guid.CreateVersion7(), new("other"), "keep", Encode(Map(("a", 1))), due), Token);

        await using var scene = await StartAsync(states: states);
        await scene.AnswerAsync(Command("load_kv", ("key", "k"), ("callback", "keep")));

        Assert.Equal("k", (await scene.WaitForStateAsync())["key"]);
        Assert.Single(await states.ReadSchedulesAsync(new("other"), Token));
    }

    private static async Task<Schedule[]> StoredAsync(CommandScene scene) =>
        [.. await scene.Harness.States.ReadSchedulesAsync(RuntimeHarness.Id, Token)];

    private static async Task UntilStoredAsync(CommandScene scene, int count)
    {
        for (var left = 2000; left > 0 && (await StoredAsync(scene)).Length != count; left--)
        {
            await Task.Delay(5, Token);
        }

        Assert.Equal(count, (await StoredAsync(scene)).Length);
    }
}
