namespace Luminarys.Chaos;

/// <summary>The whole suite is worth something only if it notices: with a defence off, the checker finds a call that ran twice.</summary>
[Trait("Kind", "Integration")]
public sealed class DefenceTests
{
    [Theory]
    [InlineData("")]
    [InlineData("SpentNumbers")]
    public async Task Calls_SentAgainByAStranger_RunTwiceOnlyWithoutTheDefence(string off)
    {
        string[] defencesOff = off.Length == 0 ? [] : [off];
        await using var cluster = await ChaosCluster.StartAsync(new() { Slaves = 1, DefencesOff = defencesOff });
        await using var stranger = await BusRepeater.StartAsync(
            cluster.BusPort, ChaosCluster.Token, subject => subject.EndsWith(".call", StringComparison.Ordinal) ? [TimeSpan.FromMilliseconds(300)] : []);
        var history = new History();
        for (var number = 1; number <= 20; number++)
        {
            var id = $"c-{number}";
            await cluster.CallAsync(history, id, cluster.Slaves[0].Skills[0], "append", new { id }, id);
        }

        await Eventually.HoldsAsync("every call was sent again", TimeSpan.FromSeconds(10), () => Task.FromResult(stranger.Repeated == 20));

        // Whatever the repetitions do, it has begun when this one has ended.
        var last = "c-last";
        await cluster.CallAsync(history, last, cluster.Slaves[0].Skills[0], "append_slow", new { id = last, ms = 500 }, last);
        var violations = HistoryChecker.Check(history, cluster.Runs());

        TestContext.Current.SendDiagnosticMessage($"without '{off}': {violations.Count} violations");
        Assert.All(history.Calls, call => Assert.Equal(CallOutcome.Result, call.Answer.Outcome));
        if (off.Length == 0)
        {
            Assert.Empty(violations);
        }
        else
        {
            Assert.NotEmpty(violations);
            Assert.All(violations, violation => Assert.Equal(ViolationKind.RanTwice, violation.Kind));
        }
    }
}
