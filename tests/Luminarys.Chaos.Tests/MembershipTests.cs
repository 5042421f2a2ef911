namespace Luminarys.Chaos;

/// <summary>Who beats is never removed, whatever happens to the master, the bus or the machine; and a new master knows everybody at once.</summary>
[Trait("Kind", "Integration")]
[TestCaseOrderer(typeof(ByName))]
public sealed class MembershipTests(WideCluster shared) : IClassFixture<WideCluster>
{
    private static readonly TimeSpan s_masterStop = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_busStop = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_busy = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_afterwards = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task R4_MasterStoppedFor20Seconds_RemovesNobody()
    {
        var cluster = await shared.GetAsync();
        await using var watch = new ListWatch(cluster);

        cluster.Master.Process.Pause();
        await Task.Delay(s_masterStop, Cancellation);
        cluster.Master.Process.Resume();
        await Task.Delay(s_afterwards, Cancellation);

        await AssertNobodyLeftAsync(cluster, watch);
    }

    [Fact]
    public async Task R4_BusRestarted_RemovesNobody()
    {
        var cluster = await shared.GetAsync();
        await using var watch = new ListWatch(cluster);

        await cluster.StopBusAsync();
        await Task.Delay(s_busStop, Cancellation);
        cluster.RestartBus();
        await Task.Delay(s_afterwards, Cancellation);

        await AssertNobodyLeftAsync(cluster, watch);
    }

    [Fact]
    public async Task R4_AllCoresBusy_RemovesNobody()
    {
        var cluster = await shared.GetAsync();
        await using var watch = new ListWatch(cluster);

        var burners = Enumerable.Range(0, 2 * Environment.ProcessorCount)
            .Select(_ => ChildProcess.Start("sh", ["-c", "while :; do :; done"], cluster.Folder)).ToList();
        try
        {
            await Task.Delay(s_busy, Cancellation);
        }
        finally
        {
            foreach (var burner in burners)
            {
                await burner.DisposeAsync();
            }
        }

        await AssertNobodyLeftAsync(cluster, watch);
    }

    [Fact]
    public async Task R5_MasterKilledAndStarted_HasTheListOf100SkillsWithinTwoHeartbeats()
    {
        var cluster = await shared.GetAsync();

        await cluster.Master.KillAsync();
        cluster.Master.Start();
        var complete = await cluster.WaitForSkillsAsync(cluster.Skills, TimeSpan.FromSeconds(30));

        TestContext.Current.SendDiagnosticMessage($"R-5: {cluster.Skills.Count()} skills {complete.TotalSeconds:F1} s after the start of the new master's process");
        Assert.InRange(complete, TimeSpan.Zero, 2 * shared.Shape.Heartbeat);
        Assert.All(cluster.Slaves, slave => Assert.False(slave.Process.HasExited));
        await AssertEverySlaveAnswersAsync(cluster, TimeSpan.FromSeconds(10));
    }

    private static async Task AssertNobodyLeftAsync(ChaosCluster cluster, ListWatch watch)
    {
        var healed = await AssertEverySlaveAnswersAsync(cluster, cluster.HealLimit);
        var missing = await watch.EndAsync();

        TestContext.Current.SendDiagnosticMessage($"{watch.Looks} looks at the list, {missing.Count} with something missing; every slave answered {healed.TotalSeconds:F1} s later");
        Assert.Empty(missing);
        Assert.True(watch.Looks > 10, $"the list was answered {watch.Looks} times only");
        Assert.DoesNotContain(" is gone: ", cluster.Master.Process.Output, StringComparison.Ordinal);
    }

    private static async Task<TimeSpan> AssertEverySlaveAnswersAsync(ChaosCluster cluster, TimeSpan limit)
    {
        var history = new History();
        foreach (var slave in cluster.Slaves)
        {
            CallRecord? last = null;
            await Eventually.HoldsAsync($"{slave.Name} answers", limit, async () =>
            {
                var id = $"c-{Guid.NewGuid():N}";
                last = await cluster.CallAsync(history, id, slave.Skills[0], "append", new { id }, id);
                return last.Answer.Outcome == CallOutcome.Result;
            }, () => $"{last}\n{cluster.Logs}");
        }

        return history.Now;
    }
}
