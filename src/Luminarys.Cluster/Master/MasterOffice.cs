using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Master;

/// <summary>The master's term: takes office with an epoch above all that anybody remembers, tells everybody, and steps down before a higher one.</summary>
internal sealed class MasterOffice(MasterLink link, NodeIdentity identity, StateDirectory state, NodeDirectory directory, BeaconSchedule beacons, ILogger logger)
{
    private const string EpochFile = "epoch";
    private readonly TaskCompletionSource<NodeFault> _faulted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SkillList _skills = SkillList.Empty;
    private ulong _highest;
    private int _isAsking;

    /// <summary>Completes when another master holds the cluster.</summary>
    public Task<NodeFault> Faulted => _faulted.Task;

    /// <summary>Whether the master is in office.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>Makes an epoch the master's own, kept before anybody hears of it.</summary>
    public void Claim(ulong epoch)
    {
        state.WriteNumber(EpochFile, epoch);
        identity.Epoch = epoch;
    }

    /// <summary>The first epoch to try: one above the last one of this node.</summary>
    public ulong NextEpoch() => state.ReadNumber(EpochFile) + 1;

    /// <summary>
    /// Sends the beacon that asks who remembers a higher epoch, and leaves time for the answers; none when nobody listens. Another master's answer
    /// is a fault.
    /// </summary>
    public async ValueTask<NodeFault?> AskEpochAsync(ControlRequests requests, TimeSpan wait, CancellationToken cancellationToken)
    {
        var answer = await requests.SendAsync(
            link.Subjects.Beacon,
            id => link.Subjects.AnswerToNode(identity.Node, id),
            new(MessageTypes.Beacon, default),
            new BeaconMessage(BeaconKind.Probe, 0, default),
            wait,
            cancellationToken).ConfigureAwait(false);
        return answer?.Body is null ? null : Conflict(answer.Value.Sender);
    }

    /// <summary>Takes office.</summary>
    public void Take(SkillList skills, TimeSpan now)
    {
        _skills = skills;
        var epoch = Math.Max(identity.Epoch, _highest + 1);
        if (epoch != identity.Epoch)
        {
            Claim(epoch);
        }

        IsHeld = true;
        directory.TakeOffice(epoch, skills, now);
        beacons.Restart(now);
    }

    /// <summary>The master's own skills are others from now on; also in an epoch that comes later.</summary>
    public void Offer(SkillList skills, TimeSpan now)
    {
        _skills = skills;
        if (IsHeld)
        {
            directory.Offer(skills, now);
        }
    }

    /// <summary>
    /// Looks at the epoch that a node knows: when it is not below ours without being ours, raises ours above it. False when it is beyond belief.
    /// </summary>
    public bool Heed(Sender sender, AnswerMessage? report, TimeSpan now)
    {
        var known = Math.Max(sender.Epoch, report?.HighestEpoch ?? 0);

        // A node reports our own number when another master had it: then it is not ours alone.
        var isTaken = report is null ? known > identity.Epoch : known >= identity.Epoch;
        if (!isTaken)
        {
            return true;
        }

        if (known - identity.Epoch > ProtocolLimits.MaxJump)
        {
            return false;
        }

        _highest = Math.Max(_highest, known);
        if (IsHeld)
        {
            Claim(known + 1);
            Log.EpochRaised(logger, known + 1, known);
            Take(_skills, now);
        }

        return true;
    }

    /// <summary>Another process sent a master's beacon: the lower of two masters steps down.</summary>
    public void Meet(Sender other, RequestRef request, BeaconMessage beacon)
    {
        if (!IsHeld || beacon.Kind == BeaconKind.Leaving)
        {
            return;
        }

        if (beacon.Kind == BeaconKind.Probe)
        {
            link.Answer(other, request, new AnswerMessage { Code = InvocationError.MasterConflict });
        }
        else if ((other.Epoch, other.Instance.Value).CompareTo((identity.Epoch, identity.Instance.Value)) > 0)
        {
            StepDown(other);
        }
    }

    /// <summary>Sends the beacon when it is due.</summary>
    public void Beacon(TimeSpan now)
    {
        if (IsHeld && beacons.TryTake(now, out var isOnline))
        {
            Send(isOnline ? BeaconKind.Online : BeaconKind.Alive);
        }
    }

    /// <summary>Tells everybody that the master stops, and is silent from then on.</summary>
    public void Leave()
    {
        if (IsHeld)
        {
            IsHeld = false;
            Send(BeaconKind.Leaving);
        }
    }

    // A bus that is not trusted may show the beacon of a master that ran long ago: it must answer a question of today.
    private void StepDown(Sender other)
    {
        if (!link.IsSigned)
        {
            _faulted.TrySetResult(Conflict(other));
        }
        else if (Interlocked.Exchange(ref _isAsking, 1) == 0)
        {
            _ = AskAsync(other);
        }
    }

    private async Task AskAsync(Sender other)
    {
        try
        {
            if (await link.Probe.IsMasterAsync(identity.Node, other.Instance, CancellationToken.None).ConfigureAwait(false))
            {
                _faulted.TrySetResult(Conflict(other));
            }
        }
        finally
        {
            Volatile.Write(ref _isAsking, 0);
        }
    }

    private void Send(BeaconKind kind) => link.Outbox.Post(
        link.Buses.Control,
        link.Subjects.Beacon,
        null,
        new(MessageTypes.Beacon, CallId.New(link.Clock.Time)),
        new BeaconMessage(kind, directory.Copy.Version.Revision, directory.Copy.Digest));

    private NodeFault Conflict(Sender other)
    {
        Log.MasterConflict(logger, other.Node, other.Epoch);
        return new(InvocationError.MasterConflict, $"master '{other.Node}' holds cluster '{identity.Cluster}'; stop one of the two");
    }
}
