using CsCheck;
using Luminarys.Cluster.Master;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;

namespace Luminarys.Cluster.Tests.Master;

public sealed class CallTableTests
{
    private static readonly Peer s_peer = new(new("a"), Samples.Instance(1), IsSuspect: false, 0, TimeSpan.Zero);
    private readonly CallTable _table = new(new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15)));

    [Fact]
    public void Result_EndsTheCallOnce()
    {
        var id = Begin();

        var end = Frame(id, CallFrameKind.Result);
        var again = Frame(id, CallFrameKind.Result);

        Assert.True(end?.Result.IsSuccess);
        Assert.Equal("a", end?.Result.Node.Value);
        Assert.Null(again);
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void Reject_EndsTheCallWithItsCode()
    {
        var id = Begin();

        Assert.Equal(InvocationError.Busy, Frame(id, CallFrameKind.Reject, InvocationError.Busy)?.Result.Error);
    }

    [Fact]
    public void NotSent_EndsTheCallWithTheBussError_AndNoCancel()
    {
        var call = _table.Begin(New(), s_peer, At(0), null)!;

        var end = _table.Sent(call.Id, InvocationError.BusDown, At(0));

        Assert.Equal(InvocationError.BusDown, end?.Result.Error);
        Assert.False(end?.SendsCancel);
    }

    [Fact]
    public void C3_NoFrameWithinTheAcknowledgementWait_OutcomeUnknown_AndTheCallIsCancelled()
    {
        Begin();

        Assert.Empty(Ends(At(1.9)));
        var end = Assert.Single(Ends(At(2)));

        Assert.Equal(InvocationError.OutcomeUnknown, end.Result.Error);
        Assert.True(end.SendsCancel);
    }

    [Fact]
    public void C3_AcknowledgedThenSilent_AskedThreeTimes_ThenOutcomeUnknown()
    {
        var id = Begin();
        Frame(id, CallFrameKind.Ack, at: 0.2);
        Frame(id, CallFrameKind.Progress, at: 5);

        Assert.Empty(Ends(At(19.9)));

        Assert.All([20, 21, 22], at => Assert.Equal(CallActionKind.Query, Assert.Single(_table.Advance(At(at))).Kind));
        Assert.Equal(InvocationError.OutcomeUnknown, Assert.Single(Ends(At(23))).Result.Error);
    }

    [Fact]
    public void C1_Deadline_IsAnsweredWithinASecond_AndTheCallIsCancelled()
    {
        var id = Begin(deadline: At(3));
        Frame(id, CallFrameKind.Ack, at: 0.2);

        Assert.Empty(Ends(At(3.4)));
        var end = Assert.Single(_table.Advance(At(3.5)));

        Assert.Equal(InvocationError.Deadline, end.Result.Error);
        Assert.True(end.SendsCancel);
    }

    [Fact]
    public void NoResponders_IsCertainlyNotBegun()
    {
        var id = Begin();

        Assert.Equal(InvocationError.NotServing, Assert.Single(_table.NoResponders(id)).Result.Error);
    }

    [Fact]
    public void NoResponders_OfABundle_EndsEveryCallOfIt_ButThoseThatEndedOrRun()
    {
        var calls = Enumerable.Range(0, 4).Select(_ => _table.Begin(New(), s_peer, At(0), null)!).ToList();
        calls[0].Bundle = [.. calls.Take(3)];
        _table.Frame(s_peer.Node, s_peer.Instance, calls[1].Id, FrameOf(CallFrameKind.Result, calls[1].Number), At(0), out _);

        var ends = _table.NoResponders(calls[0].Id);

        Assert.Equal([calls[0], calls[2]], ends.Select(end => end.Call));
        Assert.All(ends, end => Assert.Equal(InvocationError.NotServing, end.Result.Error));
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void NoResponders_AfterAnAcknowledgement_IsNotBelieved()
    {
        var id = Begin();
        Frame(id, CallFrameKind.Ack);

        Assert.Empty(_table.NoResponders(id));
    }

    [Fact]
    public void NodeLost_EndsTheCallsOfThatProcessOnly()
    {
        Begin();
        var other = _table.Begin(New(), s_peer with { Instance = Samples.Instance(2) }, At(0), null)!;

        var end = Assert.Single(_table.NodeLost(Samples.Instance(1)));

        Assert.Equal(InvocationError.NodeLost, end.Result.Error);
        Assert.NotNull(_table.Cancel(other.Id));
    }

    [Fact]
    public void Frame_OfAnotherProcessNodeOrNumber_IsNotBelieved()
    {
        var id = Begin();
        var frame = new CallFrame(CallFrameKind.Result, 1);

        Assert.Null(_table.Frame(new("a"), Samples.Instance(9), id, frame, At(0), out var fromOtherProcess));
        Assert.Null(_table.Frame(new("b"), Samples.Instance(1), id, frame, At(0), out var fromOtherNode));
        Assert.Null(_table.Frame(new("a"), Samples.Instance(1), id, frame with { Number = 2 }, At(0), out var ofOtherNumber));

        Assert.False(fromOtherProcess || fromOtherNode || ofOtherNumber);
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void Begin_IdThatRuns_IsRefused()
    {
        var id = Begin();

        Assert.Null(_table.Begin(id, s_peer, At(0), null));
    }

    [Fact]
    public void DoneUpTo_IsBelowTheOldestOpenCall()
    {
        var first = Begin();
        var second = Begin();
        Begin();

        Assert.Equal(0UL, _table.DoneUpTo(Samples.Instance(1)));
        _table.Cancel(second);
        Assert.Equal(0UL, _table.DoneUpTo(Samples.Instance(1)));
        _table.Cancel(first);
        Assert.Equal(2UL, _table.DoneUpTo(Samples.Instance(1)));
        _table.EndAll(InvocationError.Internal, "end");
        Assert.Equal(3UL, _table.DoneUpTo(Samples.Instance(1)));
    }

    /// <summary>Whatever happens in whatever order: one end for each call, and none is left over after its time.</summary>
    [Fact]
    public void C1_AnyOrderOfEvents_EveryCallEndsExactlyOnce()
    {
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 4]).List[0, 80].Sample(
            events =>
            {
                var table = new CallTable(new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15)));
                var ids = Enumerable.Range(1, 5).Select(number => new CallId(new Guid(number, 0, 0, new byte[8]))).ToArray();
                var calls = ids.Select(id => table.Begin(id, s_peer, At(0), At(30))!).ToArray();
                var ends = new Dictionary<CallId, int>();
                var now = 0.0;
                foreach (var (kind, index) in events)
                {
                    var id = ids[index];
                    now += 0.1;
                    Count(kind switch
                    {
                        0 => table.Sent(id, InvocationError.None, At(now)),
                        1 => table.Sent(id, InvocationError.BusDown, At(now)),
                        2 => table.NoResponders(id).Cast<CallAction?>().SingleOrDefault(),
                        3 => table.Cancel(id),
                        >= 4 and <= 8 => table.Frame(s_peer.Node, s_peer.Instance, id, FrameOf((CallFrameKind)(kind - 4), calls[index].Number), At(now), out _),
                        _ => null,
                    });
                    CountAll(table.Advance(At(now)));
                }

                CountAll(table.Advance(At(60)));
                return table.Count == 0 && ids.All(id => ends[id] == 1);

                void Count(CallAction? end)
                {
                    if (end is { Kind: CallActionKind.End } action)
                    {
                        ends[action.Call.Id] = ends.GetValueOrDefault(action.Call.Id) + 1;
                    }
                }

                void CountAll(IEnumerable<CallAction> actions)
                {
                    foreach (var action in actions)
                    {
                        Count(action);
                    }
                }
            },
            iter: 3000);
    }

    private static CallFrame FrameOf(CallFrameKind kind, ulong number) =>
        new(kind, number) { Code = kind is CallFrameKind.Reject or CallFrameKind.Error ? InvocationError.Busy : InvocationError.None };

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static CallId New() => CallId.New(TimeProvider.System);

    private List<CallAction> Ends(TimeSpan now) => [.. _table.Advance(now).Where(action => action.Kind == CallActionKind.End)];

    private CallId Begin(TimeSpan? deadline = null)
    {
        var id = New();
        Assert.NotNull(_table.Begin(id, s_peer, At(0), deadline));
        Assert.Null(_table.Sent(id, InvocationError.None, At(0)));
        return id;
    }

    private CallAction? Frame(CallId id, CallFrameKind kind, InvocationError code = InvocationError.None, double at = 0) =>
        _table.Frame(new("a"), Samples.Instance(1), id, new(kind, 1) { Code = code }, At(at), out _);
}
