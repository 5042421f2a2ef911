using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Slave;

/// <summary>
/// The slave's side of membership as a state machine: events and times in, actions out. It owns no clock, no thread, no bus and no random source.
/// Nothing of an older epoch changes it. Not thread-safe; only <see cref="Gate"/> is read by others.
/// </summary>
internal sealed class SlaveSession
{
    private readonly SessionSettings _settings;
    private readonly SessionDice _dice;
    private readonly SessionOutput _output;
    private readonly MasterBinding _binding;
    private readonly CopyKeeper _copy;
    private readonly Registration _registration;
    private TimeSpan _helloAt;
    private TimeSpan _beatAt;
    private TimeSpan? _inUseSince;
    private bool _isDraining;

    public SlaveSession(SessionSettings settings, SkillList skills, ulong incarnation, SessionDice dice, ClusterDefences? defences = null)
    {
        (_settings, _dice, Incarnation) = (settings, dice, incarnation);
        (_registration, _binding, _copy, _output) = (new(skills, settings.PageSize), new(settings, defences ?? ClusterDefences.All), new(dice, defences ?? ClusterDefences.All), new(dice));
    }

    public SessionState State { get; private set; }

    /// <summary>Counter over starts of this node; the master may have raised it.</summary>
    public ulong Incarnation { get; private set; }

    /// <summary>Highest epoch that a master confirmed itself with.</summary>
    public ulong HighestEpoch => _binding.HighestEpoch;

    /// <summary>Whom the node serves. May be read by any thread.</summary>
    public ServingGate Gate => _binding.Gate;

    /// <summary>The registry as this node knows it.</summary>
    public RegistryCopy Registry => _copy.Current;

    /// <summary>Calls that run and calls that could begin, for the next heartbeat.</summary>
    public (int Running, int Free) Load { get; set; }

    /// <summary>Takes the next thing to do; false when there is none.</summary>
    public bool TryTakeAction(out SessionAction action) => _output.TryTake(out action);

    /// <summary>The bus connected or broke.</summary>
    public void BusChanged(bool isUp, TimeSpan now)
    {
        if (State == SessionState.Stopped)
        {
            return;
        }

        _output.Requests.Clear();
        _copy.Forget();
        if (isUp)
        {
            // Same process, maybe same master: the answer tells what has to be sent again.
            LookForMaster(now);
        }
        else
        {
            State = SessionState.Disconnected;
        }
    }

    /// <summary>The master answered, or the bus says that there is none (a null body).</summary>
    public void Answered(CallId id, Sender master, AnswerMessage? answer, TimeSpan now)
    {
        if (!_output.Requests.TryTake(id, out var type, out var sentAt))
        {
            return;
        }

        switch (type)
        {
            case MessageTypes.Hello: HelloAnswered(sentAt, master, answer, now); break;
            case MessageTypes.Register: RegisterAnswered(sentAt, master, answer, now); break;
            case MessageTypes.Heartbeat: BeatAnswered(sentAt, master, answer, now); break;
            default: _output.Add(new SessionAction.LeaveAnswered()); break;
        }
    }

    /// <summary>A page of the registry came.</summary>
    public void SnapshotAnswered(CallId id, Sender master, SnapshotMessage? page, TimeSpan now)
    {
        if (page is null || Gate.IsFrom(master))
        {
            _output.Add(_copy.TakePage(id, master.Epoch, page, now));
        }
    }

    /// <summary>The master told everybody that it is there.</summary>
    public void BeaconSeen(Sender master, BeaconMessage beacon, TimeSpan now)
    {
        if (State is SessionState.Stopped or SessionState.Disconnected)
        {
            return;
        }

        if (Gate.IsFrom(master))
        {
            OwnBeaconSeen(master, beacon, now);
        }
        else if (_binding.IsOutranked(master))
        {
            _output.ReportEpoch(HighestEpoch, master.Instance, now);
        }
        else if (beacon.Kind is BeaconKind.Online or BeaconKind.Alive && _inUseSince is null)
        {
            _output.Requests.Forget(MessageTypes.Hello);
            HurryHello(now);
            State = State is SessionState.Orphaned ? State : SessionState.Hello;
        }
    }

    /// <summary>The registry changed.</summary>
    public void DeltaSeen(Sender master, DeltaMessage delta, TimeSpan now)
    {
        if (Gate.IsFrom(master))
        {
            _copy.TakeDelta(master.Epoch, delta, now);
        }
    }

    /// <summary>The master asks for the full skill list.</summary>
    public bool SyncAsked(Sender master, TimeSpan now) => Gate.IsFrom(master) && TryRegister(now);

    /// <summary>The node's skills changed: they are registered anew, now or when there is a master again.</summary>
    public void Offer(SkillList skills, TimeSpan now) => _ = _registration.TryChange(skills) && TryRegister(now);

    /// <summary>Begins to stop: no new calls from now on.</summary>
    public void Drain(TimeSpan now)
    {
        _isDraining = true;
        _binding.Refuse(InvocationError.Draining);
        SendLeave(isDraining: true, now);
        _beatAt = now;
    }

    /// <summary>Leaves the cluster.</summary>
    public void Leave(TimeSpan now)
    {
        SendLeave(isDraining: false, now);
        State = SessionState.Stopped;
    }

    /// <summary>Lets time pass.</summary>
    public void Tick(TimeSpan now)
    {
        if (State is SessionState.Disconnected or SessionState.Stopped)
        {
            return;
        }

        if (State is SessionState.Serving or SessionState.Syncing or SessionState.Draining && _binding.HasExpired(now))
        {
            Orphan(now, isLeft: false);
        }

        if (_output.Requests.HasTimedOut(MessageTypes.Register, SessionSettings.AnswerWait, now))
        {
            LookForMaster(now);
        }

        if (_output.Requests.HasTimedOut(MessageTypes.Hello, SessionSettings.AnswerWait, now))
        {
            RetryHello(now);
        }

        if (State is SessionState.Hello or SessionState.Orphaned && now >= _helloAt && !_output.Requests.IsOpen(MessageTypes.Hello))
        {
            Hello(now);
        }

        if (State is SessionState.Serving or SessionState.Draining && now >= _beatAt)
        {
            Beat(now);
        }

        _output.Add(_copy.Tick(now));
    }

    // Not all slaves at once; and not later than planned, if a hello is planned.
    private void HurryHello(TimeSpan now)
    {
        var at = now + _dice.Between(TimeSpan.Zero, SessionSettings.BeaconJitter);
        _helloAt = State is SessionState.Hello or SessionState.Orphaned && _helloAt >= now && _helloAt < at ? _helloAt : at;
    }

    private void HelloAnswered(TimeSpan sentAt, Sender master, AnswerMessage? answer, TimeSpan now)
    {
        switch (answer?.Code)
        {
            case InvocationError.None: Welcomed(sentAt, master, answer, now); break;
            case InvocationError.Stale when answer.MaxIncarnation is { } max && max != ulong.MaxValue:
                Incarnation = max + 1;
                _output.Add(new SessionAction.KeepIncarnation(Incarnation));
                Hello(now);
                break;
            case InvocationError.NodeIdInUse: WaitForNodeId(answer, now); break;
            case InvocationError.NotServing: HurryHello(now); break;
            default: Refused(MessageTypes.Hello, answer, now); break;
        }
    }

    private void Welcomed(TimeSpan sentAt, Sender master, AnswerMessage answer, TimeSpan now)
    {
        if (_binding.IsOutranked(master))
        {
            _output.ReportEpoch(HighestEpoch, master.Instance, now);
            RetryHello(now);
            return;
        }

        if (_binding.IsBeyondBelief(master))
        {
            _output.Add(new SessionAction.Drop("epoch-jump"));
            RetryHello(now);
            return;
        }

        _inUseSince = null;
        _binding.Bind(master, answer, sentAt);
        _output.Add(_copy.Compare(new(master.Epoch, answer.Revision ?? 0), answer.Digest ?? default, now));
        if (_isDraining)
        {
            State = SessionState.Draining;
            _beatAt = now;
        }
        else
        {
            State = SessionState.Syncing;
            Register(now);
        }
    }

    private void RegisterAnswered(TimeSpan sentAt, Sender master, AnswerMessage? answer, TimeSpan now)
    {
        switch (answer?.Code)
        {
            case InvocationError.None when Gate.IsFrom(master):
                _binding.Confirm(sentAt);
                (State, _beatAt) = State == SessionState.Syncing ? (SessionState.Serving, now + NextBeat()) : (State, _beatAt);
                break;
            case InvocationError.Stale or InvocationError.Conflict:
                _registration.Outdo(answer.RegistrationRevision ?? 0);
                Register(now);
                break;
            default: Refused(MessageTypes.Register, answer, now); break;
        }
    }

    private void BeatAnswered(TimeSpan sentAt, Sender master, AnswerMessage? answer, TimeSpan now)
    {
        if (answer?.Code == InvocationError.None && Gate.IsFrom(master))
        {
            _binding.Confirm(sentAt);
            _output.Add(_copy.Notice(new(master.Epoch, answer.Revision ?? 0), answer.Digest ?? default, now));
        }
        else if (answer is not null && answer.Code != InvocationError.None)
        {
            Refused(MessageTypes.Heartbeat, answer, now);
        }
    }

    private void Refused(string type, AnswerMessage? answer, TimeSpan now)
    {
        _output.Add(answer is null ? null : new SessionAction.Warn(type, answer));
        if (answer?.Code == InvocationError.WrongInstance)
        {
            Fail("a newer process has taken over this node id");
        }
        else if (answer is null || type == MessageTypes.Hello)
        {
            RetryHello(now);
        }
        else
        {
            LookForMaster(now);
        }
    }

    private void WaitForNodeId(AnswerMessage answer, TimeSpan now)
    {
        _output.Add(_inUseSince is null ? new SessionAction.Warn(MessageTypes.Hello, answer) : null);
        if (now - (_inUseSince ??= now) >= _settings.RetryLimit)
        {
            Fail("another living process has this node id; give every node an id of its own");
        }

        _helloAt = now + _settings.RetryInterval;
    }

    private void Fail(string reason)
    {
        State = SessionState.Stopped;
        _output.Requests.Clear();
        _binding.Refuse(InvocationError.NotServing);
        _output.Add(new SessionAction.Fail(new(InvocationError.NodeIdInUse, reason)));
    }

    private void OwnBeaconSeen(Sender master, BeaconMessage beacon, TimeSpan now)
    {
        if (beacon.Kind == BeaconKind.Leaving)
        {
            Orphan(now, isLeft: true);
        }
        else if (State is SessionState.Hello or SessionState.Orphaned && _inUseSince is null)
        {
            HurryHello(now);
        }
        else
        {
            _output.Add(_copy.Notice(new(master.Epoch, beacon.Revision), beacon.Digest, now));
        }
    }

    private void Orphan(TimeSpan now, bool isLeft)
    {
        State = SessionState.Orphaned;
        _binding.Refuse(InvocationError.NotServing, isLeft);
        _output.Requests.Clear();
        _helloAt = now + _dice.Between(isLeft ? TimeSpan.Zero : SessionSettings.MinRetry, SessionSettings.MaxRetry);
    }

    private void LookForMaster(TimeSpan now)
    {
        State = SessionState.Hello;
        Hello(now);
    }

    private void RetryHello(TimeSpan now)
    {
        State = State == SessionState.Orphaned ? State : SessionState.Hello;
        _helloAt = now + _dice.Between(SessionSettings.MinRetry, SessionSettings.MaxRetry);
    }

    private void Hello(TimeSpan now)
    {
        var hello = new HelloMessage(ProtocolLimits.Version, ProtocolLimits.Version, NodeRole.Slave, (long)now.TotalMilliseconds) { TakesBundles = true };
        _output.Request(MessageTypes.Hello, hello, now);
        _helloAt = now;
    }

    private bool TryRegister(TimeSpan now)
    {
        if (_isDraining || State is not (SessionState.Serving or SessionState.Syncing))
        {
            return false;
        }

        Register(now);
        return true;
    }

    private void Register(TimeSpan now)
    {
        foreach (var page in _registration.Pages((long)now.TotalMilliseconds))
        {
            // The answer to the last page is the one that counts.
            _output.Request(MessageTypes.Register, page, now);
        }

        // The master may send calls before its answer is here.
        _binding.Allow();
    }

    private void Beat(TimeSpan now)
    {
        _beatAt = now + NextBeat();
        _output.Requests.HasTimedOut(MessageTypes.Heartbeat, _binding.Ttl, now);
        var beat = _registration.Beat(_isDraining, Registry.Version.Revision, Load.Running, Load.Free, (long)now.TotalMilliseconds);
        _output.Request(MessageTypes.Heartbeat, beat, now);
    }

    private TimeSpan NextBeat() => _dice.Between(0.9 * _binding.Interval, 1.1 * _binding.Interval);

    private void SendLeave(bool isDraining, TimeSpan now)
    {
        if (State is not (SessionState.Serving or SessionState.Syncing or SessionState.Draining))
        {
            // No master counts on this node.
            _output.Add(new SessionAction.LeaveAnswered());
            return;
        }

        State = SessionState.Draining;
        _output.Request(MessageTypes.Deregister, new DeregisterMessage(isDraining), now);
    }
}
