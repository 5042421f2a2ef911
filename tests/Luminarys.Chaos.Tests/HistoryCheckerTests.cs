namespace Luminarys.Chaos;

/// <summary>The checker finds each broken promise in a made-up history, and nothing in a sound one.</summary>
public sealed class HistoryCheckerTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(5);

    [Fact]
    public void Check_SoundHistory_FindsNothing()
    {
        var history = new History();
        history.AddOutage(Seconds(100), Seconds(110));
        Add(history, "result", CallOutcome.Result);
        Add(history, "unknown-ran", CallOutcome.Error, "OUTCOME_UNKNOWN");
        Add(history, "unknown-did-not", CallOutcome.Error, "OUTCOME_UNKNOWN");
        Add(history, "lost", CallOutcome.Error, "NODE_LOST");
        Add(history, "refused", CallOutcome.Error, "NOT_SERVING");
        Add(history, "unlisted", CallOutcome.Error, FinalCodes.UnknownTool);
        Add(history, "at-the-limit", CallOutcome.Error, "DEADLINE", 6);
        history.Add(new("broken", "tool", Seconds(99), s_deadline) { AnsweredAt = Seconds(101), Answer = new(CallOutcome.Broken, "", "", 0) });
        history.Add(new("not-taken", "tool", Seconds(105), s_deadline) { AnsweredAt = Seconds(105), Answer = new(CallOutcome.NotTaken, "", "", 0) });

        Assert.Empty(HistoryChecker.Check(history, Runs("result", "unknown-ran", "lost", "broken")));
    }

    [Fact]
    public void Check_NoAnswer_IsLost() => Finds(ViolationKind.Lost, Call(CallOutcome.None, count: 0), ran: 1);

    [Fact]
    public void Check_ConnectionBrokenWhileTheMasterLived_IsLost() => Finds(ViolationKind.Lost, Call(CallOutcome.Broken, count: 0), ran: 1);

    [Fact]
    public void Check_NotTakenWhileTheMasterLived_IsLost() => Finds(ViolationKind.Lost, Call(CallOutcome.NotTaken, count: 0), ran: 0);

    [Fact]
    public void Check_TwoAnswers_AreFound() => Finds(ViolationKind.AnsweredTwice, Call(CallOutcome.Result, count: 2), ran: 1);

    [Fact]
    public void Check_LaterThanDeadlineAndGrace_IsFound() => Finds(ViolationKind.Late, Call(CallOutcome.Error, "DEADLINE", 6.001), ran: 1);

    [Theory]
    [InlineData(3, false)]
    [InlineData(2.9, true)]
    public void Check_MasterStoodStill_CountsOnlyTheOtherTime(double stopped, bool isLate)
    {
        var history = new History();
        history.AddPause(Seconds(2), Seconds(2 + stopped));
        Add(history, "call", CallOutcome.Error, "DEADLINE", 9);

        Assert.Equal(isLate, HistoryChecker.Check(history, Runs("call")).Any(violation => violation.Kind == ViolationKind.Late));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(2.9, true)]
    public void Check_MasterWasStarting_CountsOnlyTheOtherTime(double starting, bool isLate)
    {
        var history = new History();
        history.AddOutage(Seconds(0), Seconds(1 + starting));
        Add(history, "call", CallOutcome.Result, "", 9);

        Assert.Equal(isLate, HistoryChecker.Check(history, Runs("call")).Any(violation => violation.Kind == ViolationKind.Late));
    }

    [Theory]
    [InlineData("")]
    [InlineData("INTERNAL")]
    [InlineData("SOMETHING_ELSE")]
    public void Check_ErrorWithoutAKnownCode_IsFound(string code) => Finds(ViolationKind.Untyped, Call(CallOutcome.Error, code), ran: 0);

    [Fact]
    public void Check_NeitherResultNorError_IsFound() => Finds(ViolationKind.Untyped, Call(CallOutcome.Untyped), ran: 0);

    [Fact]
    public void Check_ResultOfAnotherCall_IsFound() =>
        Finds(ViolationKind.WrongResult, Call(CallOutcome.Result) with { Expected = "something else" }, ran: 1);

    [Fact]
    public void Check_ResultWithoutATrace_IsFound() => Finds(ViolationKind.ResultWithoutRun, Call(CallOutcome.Result), ran: 0);

    [Theory]
    [InlineData("BUSY")]
    [InlineData("NOT_SERVING")]
    [InlineData("BUS_DOWN")]
    [InlineData("EXPIRED")]
    [InlineData("UNKNOWN_TOOL")]
    public void Check_TraceOfARefusedCall_IsFound(string code) => Finds(ViolationKind.RanAfterRefusal, Call(CallOutcome.Error, code), ran: 1);

    [Fact]
    public void Check_TwoTraces_AreFound() => Finds(ViolationKind.RanTwice, Call(CallOutcome.Result), ran: 2);

    [Fact]
    public void Check_TwoTracesOfACallWithUnknownOutcome_AreFound() =>
        Finds(ViolationKind.RanTwice, Call(CallOutcome.Error, "OUTCOME_UNKNOWN"), ran: 2);

    [Fact]
    public void Check_TraceThatNobodyAskedFor_IsFound()
    {
        var violation = Assert.Single(HistoryChecker.Check(new History(), Runs("stranger")));

        Assert.Equal(ViolationKind.RanUncalled, violation.Kind);
    }

    [Fact]
    public void Check_OneIdForTwoCalls_IsFound()
    {
        var history = new History();
        Add(history, "same", CallOutcome.Result);
        Add(history, "same", CallOutcome.Result);

        Assert.Contains(HistoryChecker.Check(history, Runs("same")), violation => violation.Kind == ViolationKind.SameId);
    }

    private static void Finds(ViolationKind kind, CallRecord call, int ran)
    {
        var history = new History();
        history.AddOutage(Seconds(100), Seconds(110));
        history.Add(call);

        var violation = Assert.Single(HistoryChecker.Check(history, new Dictionary<string, int> { [call.Id] = ran }));

        Assert.Equal(kind, violation.Kind);
    }

    private static CallRecord Call(CallOutcome outcome, string code = "", double took = 1, int count = 1) => new("call", "tool", Seconds(1), s_deadline)
    {
        AnsweredAt = Seconds(1 + took),
        Answer = new(outcome, code, "", count),
    };

    private static void Add(History history, string id, CallOutcome outcome, string code = "", double took = 1) =>
        history.Add(Call(outcome, code, took) with { Id = id });

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static Dictionary<string, int> Runs(params string[] ids) => ids.ToDictionary(id => id, _ => 1);
}
