using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Slave;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Tests.Slave;

public sealed class SlaveSessionTests
{
    private static readonly Sender s_master = Samples.Sender("master", instance: 100, epoch: 3);
    private readonly SlaveSession _session;
    private int _ids;

    public SlaveSessionTests()
    {
        var dice = new SessionDice(() => 0.5, () => new CallId(new Guid(++_ids, 0, 0, new byte[8])));
        var settings = new SessionSettings(At(5), At(15), At(5), At(60), int.MaxValue);
        _session = new(settings, Samples.List("x"), 7, dice);
    }

    [Fact]
    public void BusUp_SaysHello_AndServesAfterRegistration()
    {
        _session.BusChanged(isUp: true, At(0));
        var hello = Sent(MessageTypes.Hello);

        Answer(hello, Welcome, 0.1);
        Assert.Equal(SessionState.Syncing, _session.State);
        var register = Sent(MessageTypes.Register);
        Answer(register, AnswerMessage.Ok, 0.2);

        Assert.Equal(SessionState.Serving, _session.State);
        Assert.Equal(InvocationError.None, _session.Gate.Check(s_master, At(0.2)));
        Assert.Equal(3UL, _session.HighestEpoch);
    }

    [Fact]
    public void Gate_IsOpen_AsSoonAsTheListIsSent_ButNotBefore()
    {
        _session.BusChanged(isUp: true, At(0));
        Assert.NotEqual(InvocationError.None, _session.Gate.Check(s_master, At(0)));

        Answer(Sent(MessageTypes.Hello), Welcome, 0.1);

        Assert.Equal(InvocationError.None, _session.Gate.Check(s_master, At(0.1)));
    }

    [Fact]
    public void NoConfirmationForTheTtl_OrphanedAndClosed_CountedFromTheAsking()
    {
        Serve();
        Tick(5.1);
        var beat = Sent(MessageTypes.Heartbeat);
        Answer(beat, AnswerMessage.Ok, 7);

        // Asked at 5.1: the confirmation lasts until 20.1, whatever time the answer took.
        Assert.Equal(InvocationError.None, _session.Gate.Check(s_master, At(20)));
        Assert.Equal(InvocationError.NotServing, _session.Gate.Check(s_master, At(20.2)));
        Tick(20.2);
        Assert.Equal(SessionState.Orphaned, _session.State);
        Assert.Equal(InvocationError.NotServing, _session.Gate.Check(s_master, At(20)));
    }

    [Fact]
    public void Orphaned_LooksForAMaster_AndServesAgain()
    {
        Serve();
        Tick(15.1);
        Assert.Equal(SessionState.Orphaned, _session.State);
        Actions();

        Tick(18);
        Answer(Sent(MessageTypes.Hello), Welcome, 18.1);
        Answer(Sent(MessageTypes.Register), AnswerMessage.Ok, 18.2);

        Assert.Equal(SessionState.Serving, _session.State);
        Assert.Equal(InvocationError.None, _session.Gate.Check(s_master, At(18.3)));
    }

    [Fact]
    public void Gate_OtherInstanceOfTheSameEpoch_OrOlderEpoch_IsStale()
    {
        Serve();

        Assert.Equal(InvocationError.StaleEpoch, _session.Gate.Check(s_master with { Instance = Samples.Instance(101) }, At(1)));
        Assert.Equal(InvocationError.StaleEpoch, _session.Gate.Check(s_master with { Epoch = 2 }, At(1)));
        Assert.Equal(InvocationError.NotServing, _session.Gate.Check(s_master with { Epoch = 4 }, At(1)));
    }

    [Fact]
    public void Hello_AnsweredByAnotherInstanceOfTheSameEpoch_IsRefusedAndReported()
    {
        Serve();
        Tick(15.1);
        Actions();
        Tick(18);
        var hello = Sent(MessageTypes.Hello);

        _session.Answered(hello.Id, s_master with { Instance = Samples.Instance(101) }, Welcome, At(18.1));

        var report = (AnswerMessage)Sent(MessageTypes.Epoch).Body;
        Assert.Equal(3UL, report.HighestEpoch);
        Assert.Equal(s_master.Instance, _session.Gate.Master);
    }

    [Fact]
    public void Hello_AnsweredWithAnEpochBeyondBelief_IsDropped()
    {
        Serve();
        Tick(15.1);
        Actions();
        Tick(18);
        var hello = Sent(MessageTypes.Hello);

        _session.Answered(hello.Id, s_master with { Epoch = 4 + ProtocolLimits.MaxJump }, Welcome, At(18.1));

        Assert.Contains(Actions(), action => action is SessionAction.Drop { Reason: "epoch-jump" });
        Assert.Equal(3UL, _session.HighestEpoch);
    }

    [Fact]
    public void Hello_IncarnationTooLow_TakesTheNextOne_KeepsItFirst()
    {
        _session.BusChanged(isUp: true, At(0));
        var hello = Sent(MessageTypes.Hello);

        Answer(hello, new() { Code = InvocationError.Stale, MaxIncarnation = 41 }, 0.1);

        var actions = Actions();
        Assert.Equal(42UL, Assert.IsType<SessionAction.KeepIncarnation>(actions[0]).Incarnation);
        Assert.Equal(MessageTypes.Hello, Assert.IsType<SessionAction.Send>(actions[1]).Type);
        Assert.Equal(42UL, _session.Incarnation);
    }

    [Fact]
    public void R6_NodeIdInUse_AsksAgainEveryFiveSeconds_AndFailsAfterAMinute()
    {
        _session.BusChanged(isUp: true, At(0));
        var hellos = 0;
        var fault = (NodeFault?)null;
        for (var at = 0.0; at < 70 && fault is null; at += 0.1)
        {
            Tick(at);
            foreach (var action in Actions())
            {
                if (action is SessionAction.Send { Type: MessageTypes.Hello } hello)
                {
                    hellos++;
                    Answer(hello, new() { Code = InvocationError.NodeIdInUse }, at);
                }

                fault ??= (action as SessionAction.Fail)?.Fault;
            }

            fault ??= Actions().OfType<SessionAction.Fail>().FirstOrDefault()?.Fault;
        }

        Assert.Equal(InvocationError.NodeIdInUse, fault?.Error);
        Assert.InRange(hellos, 12, 14);
        Assert.Equal(SessionState.Stopped, _session.State);
    }

    [Fact]
    public void Superseded_StopsAtOnce()
    {
        Serve();
        Tick(5.1);

        Answer(Sent(MessageTypes.Heartbeat), new() { Code = InvocationError.WrongInstance }, 5.2);

        Assert.Contains(Actions(), action => action is SessionAction.Fail);
        Assert.NotEqual(InvocationError.None, _session.Gate.Check(s_master, At(5.2)));
    }

    [Fact]
    public void Heartbeat_AnsweredWithSayHello_SaysHello()
    {
        Serve();
        Tick(5.1);

        Answer(Sent(MessageTypes.Heartbeat), new() { Code = InvocationError.NotServing }, 5.2);

        Sent(MessageTypes.Hello);
    }

    [Fact]
    public void Registration_Conflict_IsSentAgainUnderAHigherRevision()
    {
        _session.BusChanged(isUp: true, At(0));
        Answer(Sent(MessageTypes.Hello), Welcome, 0.1);

        Answer(Sent(MessageTypes.Register), new() { Code = InvocationError.Conflict, RegistrationRevision = 6 }, 0.2);

        Assert.Equal(7UL, ((RegisterMessage)Sent(MessageTypes.Register).Body).RegistrationRevision);
    }

    [Fact]
    public void R5_Beacon_OfAHigherEpoch_BringsHelloWithinASecond()
    {
        Serve();
        var next = Samples.Sender("master", instance: 101, epoch: 4);

        _session.BeaconSeen(next, new(BeaconKind.Online, 1, default), At(6));
        Tick(6.4);
        Assert.DoesNotContain(Actions(), action => action is SessionAction.Send { Type: MessageTypes.Hello });
        Tick(7);
        var hello = Sent(MessageTypes.Hello);
        _session.Answered(hello.Id, next, Welcome, At(7.1));
        _session.Answered(Sent(MessageTypes.Register).Id, next, AnswerMessage.Ok, At(7.2));

        Assert.Equal(SessionState.Serving, _session.State);
        Assert.Equal(InvocationError.StaleEpoch, _session.Gate.Check(s_master, At(7.2)));
    }

    [Fact]
    public void R2_Beacon_OfAnOlderEpoch_IsReported_OnceASecond()
    {
        Serve();
        var old = Samples.Sender("other", instance: 50, epoch: 2);

        _session.BeaconSeen(old, new(BeaconKind.Alive, 1, default), At(6));
        _session.BeaconSeen(old, new(BeaconKind.Probe, 1, default), At(6.5));

        Assert.Single(Actions(), action => action is SessionAction.Send { Type: MessageTypes.Epoch });
        Assert.Equal(SessionState.Serving, _session.State);
        Assert.Equal(InvocationError.None, _session.Gate.Check(s_master, At(6.5)));
    }

    [Fact]
    public void Beacon_Leaving_ClosesWithoutWaitingForTheTtl()
    {
        Serve();

        _session.BeaconSeen(s_master, new(BeaconKind.Leaving, 1, default), At(1));

        Assert.Equal(SessionState.Orphaned, _session.State);
        Assert.Equal(InvocationError.NotServing, _session.Gate.Check(s_master, At(1)));
    }

    [Fact]
    public void Beacon_OtherDigestTwice_AsksForTheRegistry()
    {
        Serve();
        var beacon = new BeaconMessage(BeaconKind.Alive, 9, new(9));

        _session.BeaconSeen(s_master, beacon, At(1));
        Assert.DoesNotContain(Actions(), action => action is SessionAction.Send { Type: MessageTypes.Snapshot });
        _session.BeaconSeen(s_master, beacon, At(6));

        Sent(MessageTypes.Snapshot);
    }

    [Fact]
    public void Delta_ThatFollows_IsApplied_AGapAsksForTheRegistry()
    {
        Serve();
        var first = RegistryCopy.Of(new(3, 1), [Copy("a", 1)]);
        var second = RegistryCopy.Of(new(3, 2), [Copy("a", 1), Copy("b", 2)]);
        var fourth = RegistryCopy.Of(new(3, 4), [Copy("b", 2)]);
        TakeRegistry(first, 1);

        _session.DeltaSeen(s_master, second.Since(first), At(2));
        Assert.Equal(second.Digest, _session.Registry.Digest);
        _session.DeltaSeen(s_master, second.Since(first), At(2));
        Assert.Equal(second.Digest, _session.Registry.Digest);
        var gap = fourth.Since(RegistryCopy.Of(new(3, 3), [Copy("b", 2)]));
        _session.DeltaSeen(s_master, gap, At(3));
        Assert.Equal(second.Digest, _session.Registry.Digest);
        Tick(3.6);

        Sent(MessageTypes.Snapshot);
    }

    [Fact]
    public void R2_Delta_OfAnotherMaster_IsIgnored()
    {
        Serve();
        var first = RegistryCopy.Of(new(3, 1), [Copy("a", 1)]);
        TakeRegistry(first, 1);
        var second = RegistryCopy.Of(new(3, 2), []);

        _session.DeltaSeen(s_master with { Epoch = 2 }, second.Since(first), At(2));
        _session.DeltaSeen(s_master with { Instance = Samples.Instance(5) }, second.Since(first), At(2));

        Assert.Equal(first.Digest, _session.Registry.Digest);
    }

    [Fact]
    public void Snapshot_InPages_IsPutTogether_AndStartsAnewWhenTheRegistryChanges()
    {
        Serve(revision: 5);
        var registry = RegistryCopy.Of(new(3, 5), [Copy("a", 1), Copy("b", 2)]);
        var first = Sent(MessageTypes.Snapshot);
        _session.SnapshotAnswered(first.Id, s_master, new(InvocationError.None, 5, registry.Digest, HasMore: true, [Copy("a", 1)]), At(1));
        var second = Sent(MessageTypes.Snapshot);
        Assert.Equal("a", ((SnapshotRequest)second.Body).After);

        _session.SnapshotAnswered(second.Id, s_master, new(InvocationError.None, 6, registry.Digest, HasMore: false, [Copy("b", 2)]), At(1));
        var again = Sent(MessageTypes.Snapshot);
        Assert.Equal("", ((SnapshotRequest)again.Body).After);
        _session.SnapshotAnswered(
            again.Id, s_master, new(InvocationError.None, 6, registry.Digest, HasMore: false, [Copy("a", 1), Copy("b", 2)]), At(1));

        Assert.Equal(new(3, 6), _session.Registry.Version);
        Assert.Equal(registry.Digest, _session.Registry.Digest);
    }

    [Fact]
    public void R8_Drain_ClosesAtOnce_BeatsAsDraining_AndLeaves()
    {
        Serve();

        _session.Drain(At(1));
        Assert.Equal(InvocationError.Draining, _session.Gate.Check(s_master, At(1)));
        var leave = Sent(MessageTypes.Deregister);
        Assert.True(((DeregisterMessage)leave.Body).IsDraining);
        Answer(leave, AnswerMessage.Ok, 1.1);
        Assert.Contains(Actions(), action => action is SessionAction.LeaveAnswered);
        Tick(1.1);
        Assert.True(((HeartbeatMessage)Sent(MessageTypes.Heartbeat).Body).IsDraining);
        Assert.False(_session.SyncAsked(s_master, At(2)));
        _session.Leave(At(3));

        Assert.False(((DeregisterMessage)Sent(MessageTypes.Deregister).Body).IsDraining);
        Assert.Equal(SessionState.Stopped, _session.State);
    }

    [Fact]
    public void Drain_WithoutAMaster_HasNobodyToTell()
    {
        _session.BusChanged(isUp: true, At(0));
        Actions();

        _session.Drain(At(1));

        Assert.Contains(Actions(), action => action is SessionAction.LeaveAnswered);
    }

    [Fact]
    public void BusBreaksAndComesBack_SaysHelloAgain_WithTheSameIncarnation()
    {
        Serve();
        _session.BusChanged(isUp: false, At(1));
        Assert.Equal(SessionState.Disconnected, _session.State);
        Tick(2);
        Assert.Empty(Actions());

        _session.BusChanged(isUp: true, At(3));

        Sent(MessageTypes.Hello);
        Assert.Equal(7UL, _session.Incarnation);
        Assert.Equal(InvocationError.None, _session.Gate.Check(s_master, At(3)));
    }

    [Fact]
    public void MastersShorterTimes_Count()
    {
        _session.BusChanged(isUp: true, At(0));
        Answer(Sent(MessageTypes.Hello), Welcome with { HeartbeatMs = 1000, TtlMs = 3000 }, 0);
        Answer(Sent(MessageTypes.Register), AnswerMessage.Ok, 0);

        Tick(1.2);

        Sent(MessageTypes.Heartbeat);
        Assert.Equal(InvocationError.NotServing, _session.Gate.Check(s_master, At(3)));
    }

    [Fact]
    public void Offer_WhileServing_RegistersTheWholeListUnderTheNextRevision()
    {
        Serve();

        _session.Offer(Samples.List("x", "y"), At(1));

        var register = Sent(MessageTypes.Register);
        var page = (RegisterMessage)register.Body;
        Answer(register, AnswerMessage.Ok, 1.1);
        Assert.Equal((2UL, Samples.List("x", "y").Digest), (page.RegistrationRevision, page.Digest));
        Assert.Equal(SessionState.Serving, _session.State);
        Assert.Equal(InvocationError.None, _session.Gate.Check(s_master, At(1)));
        Tick(6);
        Assert.Equal(2UL, ((HeartbeatMessage)Sent(MessageTypes.Heartbeat).Body).RegistrationRevision);
    }

    [Fact]
    public void Offer_OfWhatItHas_SendsNothing()
    {
        Serve();

        _session.Offer(Samples.List("x"), At(1));

        Assert.Empty(Actions());
    }

    [Fact]
    public void Offer_WithoutAMaster_IsWhatTheNextRegistrationSays()
    {
        _session.BusChanged(isUp: true, At(0));
        var hello = Sent(MessageTypes.Hello);

        _session.Offer(Samples.List("y"), At(0.1));
        Assert.Empty(Actions());
        Answer(hello, Welcome, 0.2);

        Assert.Equal(Samples.List("y").Digest, ((RegisterMessage)Sent(MessageTypes.Register).Body).Digest);
    }

    [Fact]
    public void Offer_WhileDraining_RegistersNothing()
    {
        Serve();
        _session.Drain(At(1));

        _session.Offer(Samples.List("y"), At(2));

        Assert.DoesNotContain(Actions(), action => action is SessionAction.Send { Type: MessageTypes.Register });
    }

    private static AnswerMessage Welcome { get; } = new() { Code = InvocationError.None, Revision = 0, Digest = RegistryCopy.Empty.Digest };

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static NodeCopy Copy(string node, int instance) =>
        new(new(node), NodeRole.Slave, false, 1, Samples.Instance(instance), new((UInt128)(uint)instance), []);

    private void Serve(ulong revision = 0)
    {
        _session.BusChanged(isUp: true, At(0));
        Answer(Sent(MessageTypes.Hello), Welcome with { Revision = revision }, 0);
        var actions = Actions().OfType<SessionAction.Send>().ToList();
        Answer(actions.Single(action => action.Type == MessageTypes.Register), AnswerMessage.Ok, 0);
        _kept = actions.FirstOrDefault(action => action.Type == MessageTypes.Snapshot);
        Assert.Equal(SessionState.Serving, _session.State);
    }

    private SessionAction.Send? _kept;

    // The welcome named revision 0 of epoch 3, so the session asked for the registry at once.
    private void TakeRegistry(RegistryCopy registry, double at)
    {
        var request = Sent(MessageTypes.Snapshot);
        _session.SnapshotAnswered(request.Id, s_master, new(InvocationError.None, registry.Version.Revision, registry.Digest, false, [.. registry.Nodes]), At(at));
        Assert.Equal(registry.Version, _session.Registry.Version);
    }

    private void Answer(SessionAction.Send request, AnswerMessage answer, double at) => _session.Answered(request.Id, s_master, answer, At(at));

    private void Tick(double at) => _session.Tick(At(at));

    private SessionAction.Send Sent(string type)
    {
        if (_kept?.Type == type)
        {
            var kept = _kept;
            _kept = null;
            return kept;
        }

        var sends = Actions().OfType<SessionAction.Send>().ToList();
        _kept ??= sends.FirstOrDefault(send => send.Type == MessageTypes.Snapshot && type != MessageTypes.Snapshot);
        return sends.First(send => send.Type == type);
    }

    private List<SessionAction> Actions()
    {
        var actions = new List<SessionAction>();
        while (_session.TryTakeAction(out var action))
        {
            actions.Add(action);
        }

        return actions;
    }
}
