using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Slave.SkillCalls;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Tests.Slave.SkillCalls;

public sealed class SkillCallTableTests
{
    private static readonly InstanceId s_master = Samples.Instance(1);
    private static readonly InstanceId s_next = Samples.Instance(2);
    private readonly SkillCallTable _table = new();

    [Fact]
    public void Result_EndsTheCallOnce()
    {
        var call = Sent();

        var end = Frame(call, CallFrameKind.Result);
        var again = Frame(call, CallFrameKind.Result);

        Assert.True(end?.Result.IsSuccess);
        Assert.False(end?.SendsCancel);
        Assert.Null(again);
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void Refusal_EndsTheCallWithItsCode() =>
        Assert.Equal(InvocationError.Denied, Frame(Sent(), CallFrameKind.Reject, InvocationError.Denied)?.Result.Error);

    [Fact]
    public void FrameOfAnotherProcessOrNumber_IsUnknown()
    {
        var call = Sent();

        Assert.Null(_table.Frame(s_next, call.Id, new(CallFrameKind.Result, call.Number), At(0), out var isOfAnother));
        Assert.Null(_table.Frame(s_master, call.Id, new(CallFrameKind.Result, call.Number + 1), At(0), out var isOtherNumber));

        Assert.False(isOfAnother);
        Assert.False(isOtherNumber);
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void NotSent_EndsTheCallWithTheErrorOfTheBus_AndNoCancel()
    {
        var call = Begin();

        var end = _table.Sent(call.Id, InvocationError.BusDown, At(0));

        Assert.Equal(InvocationError.BusDown, end?.Result.Error);
        Assert.False(end?.SendsCancel);
    }

    [Fact]
    public void NobodyListens_NotServing_UnlessTheMasterHasTakenIt()
    {
        var (unheard, taken) = (Sent(), Sent());
        Frame(taken, CallFrameKind.Ack);

        Assert.Equal(InvocationError.NotServing, _table.NoResponders(unheard.Id)?.Result.Error);
        Assert.Null(_table.NoResponders(taken.Id));
    }

    [Theory]
    [InlineData(false, new[] { 0.5, 1.5 }, 2)]
    [InlineData(true, new[] { 15.0, 16.0, 17.0 }, 18)]
    public void C3_Silence_TheMasterIsAsked_ThenOutcomeUnknown_AndTheCallIsCancelled(bool isTaken, double[] asked, double limit)
    {
        var call = Sent();
        if (isTaken)
        {
            Frame(call, CallFrameKind.Ack);
        }

        var (questions, ends) = Live(0.1, limit - 0.05);
        Assert.Equal(asked, questions.Select(at => Math.Round(at.TotalSeconds, 1)));
        Assert.Empty(ends);
        var end = Assert.Single(_table.Advance(s_master, At(limit)));

        Assert.Equal(InvocationError.OutcomeUnknown, end.Result.Error);
        Assert.True(end.SendsCancel);
    }

    [Fact]
    public void FrameAfterAQuestion_BeginsTheSilenceAnew()
    {
        var call = Sent();
        Assert.Single(_table.TakeQuestions(At(0.5)));
        _table.Frame(s_master, call.Id, new(CallFrameKind.Progress, call.Number), At(0.6), out _);

        var (questions, ends) = Live(0.7, 15.5);

        Assert.Empty(questions);
        Assert.Empty(ends);
        Assert.Same(call, Assert.Single(_table.TakeQuestions(At(15.6))));
    }

    [Fact]
    public void ProcessThatWasPausedItself_AsksBeforeItGivesUp()
    {
        var call = Sent();

        Assert.Same(call, Assert.Single(_table.TakeQuestions(At(60))));

        Assert.Empty(_table.Advance(s_master, At(60)));
        Assert.Single(_table.Advance(s_master, At(60.5)));
    }

    [Fact]
    public void AskAgain_IsAboutEveryCallThatWasSent()
    {
        var call = Sent();
        Begin();

        Assert.Same(call, Assert.Single(_table.AskAgain()));
    }

    [Fact]
    public void CallThatIsStillBeingSent_IsNotSilent_ButEndsWithItsDeadline()
    {
        _table.Begin(New(), s_master, At(10), out _);

        Assert.Empty(_table.Advance(s_master, At(10.4)));
        Assert.Equal(InvocationError.Deadline, Assert.Single(_table.Advance(s_master, At(10.5))).Result.Error);
    }

    [Fact]
    public void C3_AnotherMaster_OutcomeUnknown_UnlessTheFirstAnswersBefore()
    {
        var (answered, open) = (Sent(), Sent());

        Assert.True(Frame(answered, CallFrameKind.Result)?.Result.IsSuccess);
        var end = Assert.Single(_table.Advance(s_next, At(0.1)));

        Assert.Same(open, end.Call);
        Assert.Equal(InvocationError.OutcomeUnknown, end.Result.Error);
    }

    [Fact]
    public void Numbers_AreCountedForEachMaster_AndGoOnWhenOneComesBack()
    {
        var first = Sent();
        var other = _table.Begin(New(), s_next, null, out _)!;
        Frame(first, CallFrameKind.Result);

        Assert.Equal((1UL, 1UL), (first.Number, other.Number));
        Assert.Equal((1UL, 0UL), (_table.SettledBefore(first).Done, _table.SettledBefore(other).Done));
        Assert.Equal(2UL, Begin().Number);
    }

    [Fact]
    public void Cancel_EndsTheCall_AndTellsTheMaster()
    {
        var end = _table.Cancel(Begin().Id);

        Assert.Equal(InvocationError.Cancelled, end?.Result.Error);
        Assert.True(end?.SendsCancel);
    }

    [Fact]
    public void SameIdTwiceAtOnce_Conflict()
    {
        var call = Begin();

        Assert.Null(_table.Begin(call.Id, s_master, null, out var refusal));
        Assert.Equal(InvocationError.Conflict, refusal.Error);
    }

    [Fact]
    public void TooManyCalls_Busy_UntilOneEnds()
    {
        var first = Begin();
        for (var i = 1; i < SkillCallTable.MaxCalls; i++)
        {
            Begin();
        }

        Assert.Null(_table.Begin(New(), s_master, null, out var refusal));
        Assert.Equal(InvocationError.Busy, refusal.Error);
        _table.Cancel(first.Id);
        Assert.NotNull(_table.Begin(New(), s_master, null, out _));
    }

    [Fact]
    public void EndAll_EndsEveryCall()
    {
        Sent();
        Begin();

        Assert.Equal(2, _table.EndAll(InvocationError.CancelledByDrain, "over").Count);
        Assert.Equal(0, _table.Count);
    }

    private (List<TimeSpan> Questions, List<SkillCallEnd> Ends) Live(double from, double until)
    {
        var (questions, ends) = (new List<TimeSpan>(), new List<SkillCallEnd>());
        for (var now = At(from); now <= At(until); now += At(0.1))
        {
            questions.AddRange(_table.TakeQuestions(now).Select(_ => now));
            ends.AddRange(_table.Advance(s_master, now));
        }

        return (questions, ends);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static CallId New() => CallId.New(TimeProvider.System);

    private PendingSkillCall Begin() => _table.Begin(New(), s_master, null, out _)!;

    private PendingSkillCall Sent()
    {
        var call = Begin();
        Assert.Null(_table.Sent(call.Id, InvocationError.None, At(0)));
        return call;
    }

    private SkillCallEnd? Frame(PendingSkillCall call, CallFrameKind kind, InvocationError code = InvocationError.None) =>
        _table.Frame(s_master, call.Id, new(kind, call.Number) { Code = code }, At(0), out _);
}
