namespace Luminarys.Chaos;

/// <summary>What a call may expect of nodes that die, freeze, leave or have a twin. Real processes with the default times.</summary>
[Trait("Kind", "Integration")]
[TestCaseOrderer(typeof(ByName))]
public sealed class CallTests(CallCluster shared) : IClassFixture<CallCluster>
{
    private static readonly TimeSpan s_dead = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly History _history = new();

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1000)]
    [InlineData(true, 0)]
    [InlineData(true, 1000)]
    public async Task C4_SlaveKilledDuringACall_FailsTheCallAndTheNextWithinTwoSeconds(bool hasStranger, int ranMs)
    {
        var cluster = await shared.GetAsync();
        var slave = cluster.Slaves[0];
        await using var stranger = hasStranger ? await BusRepeater.ListenAsync(cluster.BusPort, ChaosCluster.Token) : null;
        var name = $"c-4-{hasStranger}-{ranMs}";
        var running = await RunningAsync(cluster, slave, name, 30_000);

        // After 200 ms the node has said that it has the call; what the master waits for from then on is another thing.
        await Task.Delay(ranMs, TestContext.Current.CancellationToken);
        await slave.KillAsync();
        var died = _history.Now;
        var next = CallAsync(cluster, slave, $"{name}-next");
        var first = await running;
        var second = await next;
        await StartAgainAsync(cluster, slave);

        Say($"stranger on the bus: {hasStranger}; the call that had run for {ranMs} ms failed after {(first.AnsweredAt - died).TotalSeconds:F2} s with {first.Answer.Code}, "
            + $"the next one after {second.Took.TotalSeconds:F2} s with {second.Answer.Code}");
        Assert.Multiple(
            () => Assert.Contains(first.Answer.Code, (string[])["NODE_LOST", "OUTCOME_UNKNOWN"]),
            () => Assert.InRange(first.AnsweredAt - died, TimeSpan.Zero, s_dead),
            () => Assert.Equal(CallOutcome.Error, second.Answer.Outcome),
            () => Assert.InRange(second.Took, TimeSpan.Zero, s_dead),
            () => AssertSound(cluster));
    }

    [Fact]
    public async Task C5_SlaveFrozenBeyondTheDeadline_BeginsNothingExpiredLeavesTheListInTimeAndComesBack()
    {
        var cluster = await shared.GetAsync();
        var slave = cluster.Slaves[1];

        slave.Process.Pause();
        var frozen = _history.Now;
        var calls = Task.WhenAll(Enumerable.Range(1, 10).Select(number => CallAsync(cluster, slave, $"c-5-{number}")));
        await cluster.WaitForSkillsAsync(cluster.Skills.Except(slave.Skills), TimeSpan.FromSeconds(30));
        var gone = _history.Now - frozen;
        await calls;
        slave.Process.Resume();
        var healed = await cluster.WaitForSkillsAsync(cluster.Skills, cluster.HealLimit);
        var after = await CallAsync(cluster, slave, "c-5-after");

        Say($"R-4: the frozen slave was gone after {gone.TotalSeconds:F1} s; R-1: it was back {healed.TotalSeconds:F1} s after it went on; answers: {_history.Summary()}");
        Assert.Multiple(

            // The last heartbeat may be 5.5 s old when the process freezes: 5 s and a tenth of jitter.
            () => Assert.InRange(gone, TimeSpan.FromSeconds(9.5), TimeSpan.FromSeconds(17.5)),
            () => Assert.Equal(CallOutcome.Result, after.Answer.Outcome),
            () => Assert.Equal(["c-5-after"], slave.Traces.Where(id => id.StartsWith("c-5-", StringComparison.Ordinal))),
            () => AssertSound(cluster));
    }

    [Fact]
    public async Task C6_ClientGone_EndsTheWorkWithinASecond()
    {
        var cluster = await shared.GetAsync();
        var slave = cluster.Slaves[2];
        using var client = new CancellationTokenSource();
        var call = cluster.Client.CallAsync($"{slave.Skills[0]}__work", new { id = "c-6-gone", ms = 30_000 }, client.Token);
        await WorksAsync(slave, "c-6-gone");

        await client.CancelAsync();
        var gone = DateTime.UtcNow;
        await call;

        await AssertEndedAsync(slave, "c-6-gone", gone);
    }

    [Fact]
    public async Task C6_Cancelled_EndsTheWorkWithinASecond()
    {
        var cluster = await shared.GetAsync();
        var slave = cluster.Slaves[2];
        using var ending = new CancellationTokenSource();
        using var client = await McpSession.OpenAsync(cluster.McpPort, ending.Token);
        var call = client.CallAsync(7, $"{slave.Skills[0]}__work", """{"id":"c-6-cancelled","ms":30000}""", ending.Token);
        await WorksAsync(slave, "c-6-cancelled");

        await client.CancelAsync(7, ending.Token);
        var cancelled = DateTime.UtcNow;

        await AssertEndedAsync(slave, "c-6-cancelled", cancelled);
        await ending.CancelAsync();
        await Task.WhenAny(call);
    }

    [Theory]
    [InlineData("deadline")]
    [InlineData("gone")]
    [InlineData("cancelled")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task C6_ProgramsOfACall_EndWithIt(string reason)
    {
        var cluster = await shared.GetAsync();
        var slave = cluster.Slaves[2];
        var children = new ChildPrograms(slave, reason);
        using var ending = new CancellationTokenSource();
        using var client = await McpSession.OpenAsync(cluster.McpPort, TestContext.Current.CancellationToken);
        var (tool, id, command) = ($"{slave.Skills[0]}__shell", $"c-6-shell-{reason}", $"./{children.Script}");

        // With a session, only a message cancels; without one, hanging up does.
        Task call = reason == "gone"
            ? cluster.Client.CallAsync(tool, new { id, command }, ending.Token)
            : client.CallAsync(7, tool, $$"""{"id":"{{id}}","command":"{{command}}"}""", ending.Token);
        await Eventually.HoldsAsync("the programs run", s_second * 4, () => Task.FromResult(children.Running == ChildPrograms.Count), () => slave.Output);
        var asked = _history.Now;

        switch (reason)
        {
            case "gone": await ending.CancelAsync(); break;
            case "cancelled": await client.CancelAsync(7, TestContext.Current.CancellationToken); break;
            default: asked += TimeSpan.FromSeconds(5); break;
        }

        await Eventually.HoldsAsync("the programs have ended", s_second * 10, () => Task.FromResult(children.Running == 0), () => slave.Output);
        var later = _history.Now - asked;
        Say($"the last program went on for {later.TotalMilliseconds:F0} ms");
        Assert.True(later < s_second * 2, $"a program went on for {later.TotalSeconds:F2} s");
        await ending.CancelAsync();
        await Task.WhenAny(call);
    }

    [Fact]
    public async Task R6_TwinsOfASlaveAndOfTheMaster_AreRefusedWith78AndTheFirstAreNotDisturbed()
    {
        var cluster = await shared.GetAsync();
        var limit = TimeSpan.FromSeconds(90);

        Assert.Equal(78, await shared.MasterTwin!.WaitForExitAsync(limit));
        Assert.Equal(78, await shared.SlaveTwin!.WaitForExitAsync(limit));
        await shared.EndWitnessAsync();

        var runs = cluster.Runs().Where(run => run.Key.StartsWith("c-witness-", StringComparison.Ordinal)).ToDictionary();
        Say($"{shared.Witnessed.Calls.Count} calls to the slave with the twin: {shared.Witnessed.Summary()}");
        Assert.Contains("MASTER_CONFLICT", shared.MasterTwin.Output, StringComparison.Ordinal);
        Assert.Contains("NODE_ID_IN_USE", shared.SlaveTwin.Output, StringComparison.Ordinal);
        Assert.False(cluster.Master.Process.HasExited);
        Assert.False(cluster.Slaves[4].Process.HasExited);
        Assert.Empty(HistoryChecker.Check(shared.Witnessed, runs));

        // A process that got no processor for seconds says hello again and refuses what waited meanwhile; a twin that was let in would end the first.
        var served = shared.Witnessed.Calls.Count(call => call.Answer.Outcome == CallOutcome.Result);
        Assert.InRange(served, shared.Witnessed.Calls.Count * 99 / 100, shared.Witnessed.Calls.Count);
    }

    [Fact]
    public async Task R8_SlaveTerminated_FinishesWhatRunsTakesNothingNewLeavesAtOnceAndExitsZero()
    {
        var cluster = await shared.GetAsync();
        var slave = cluster.Slaves[3];
        var running = new List<Task<CallRecord>>();
        for (var number = 1; number <= 4; number++)
        {
            running.Add(await RunningAsync(cluster, slave, $"c-8-{number}", 2_500));
        }

        var exit = slave.Process.TerminateAsync(TimeSpan.FromSeconds(20));
        var told = _history.Now;
        using var listed = new CancellationTokenSource();
        var attempts = KnockAsync(cluster, slave, listed.Token);
        await cluster.WaitForSkillsAsync(cluster.Skills.Except(slave.Skills), TimeSpan.FromSeconds(10));
        var left = _history.Now - told;
        await listed.CancelAsync();
        await attempts;
        var code = await exit;
        var ended = _history.Now - told;
        var finished = await Task.WhenAll(running);
        await StartAgainAsync(cluster, slave);

        Say($"left the list after {left.TotalSeconds:F2} s, exited after {ended.TotalSeconds:F1} s; {_history.Summary()}");
        Assert.Multiple(
            () => Assert.Equal(0, code),
            () => Assert.InRange(left, TimeSpan.Zero, s_second),
            () => Assert.InRange(ended, TimeSpan.Zero, TimeSpan.FromSeconds(10)),
            () => Assert.All(finished, call => Assert.Equal(CallOutcome.Result, call.Answer.Outcome)),
            () => AssertSound(cluster));
    }

    // One call after the other for as long as clients may still see the node's tools.
    private async Task KnockAsync(ChaosCluster cluster, ChaosNode slave, CancellationToken enough)
    {
        for (var number = 1; !enough.IsCancellationRequested; number++)
        {
            await CallAsync(cluster, slave, $"c-8-knock-{number}");
        }
    }

    // A call that is in the guest already.
    private async Task<Task<CallRecord>> RunningAsync(ChaosCluster cluster, ChaosNode slave, string id, int ms)
    {
        var call = cluster.CallAsync(_history, id, slave.Skills[0], "append_slow", new { id, ms }, id);
        await Eventually.HoldsAsync("the call runs", s_second * 4, () => Task.FromResult(slave.HasRun(id)), () => cluster.Logs);
        return call;
    }

    // Listed is not enough: the list may still hold what the process before offered.
    private static async Task StartAgainAsync(ChaosCluster cluster, ChaosNode slave)
    {
        slave.Start();
        await Eventually.HoldsAsync("the slave serves again", cluster.HealLimit, async () =>
        {
            var id = $"c-again-{Guid.NewGuid():N}";
            return (await cluster.CallAsync(new History(), id, slave.Skills[0], "append", new { id })).Answer.Outcome == CallOutcome.Result;
        }, () => cluster.Logs);
    }

    private Task<CallRecord> CallAsync(ChaosCluster cluster, ChaosNode slave, string id) =>
        cluster.CallAsync(_history, id, slave.Skills[0], "append", new { id }, id);

    private static Task<TimeSpan> WorksAsync(ChaosNode slave, string id) =>
        Eventually.HoldsAsync("the work goes on", s_second * 4, () => Task.FromResult(slave.LastTick(id) is not null));

    private static async Task AssertEndedAsync(ChaosNode slave, string id, DateTime asked)
    {
        await Eventually.HoldsAsync(
            "the work has ended", s_second * 10, () => Task.FromResult(DateTime.UtcNow - slave.LastTick(id) > s_second), () => slave.Output);
        var later = slave.LastTick(id)!.Value - asked;

        Say($"the work went on for {later.TotalMilliseconds:F0} ms");
        Assert.True(later < s_second, $"the work went on for {later.TotalSeconds:F2} s");
    }

    private void AssertSound(ChaosCluster cluster)
    {
        var ours = _history.Calls.Select(call => call.Id).ToHashSet();
        Assert.Empty(HistoryChecker.Check(_history, cluster.Runs().Where(run => ours.Contains(run.Key)).ToDictionary()));
    }

    private static void Say(string text) => TestContext.Current.SendDiagnosticMessage(text);
}
