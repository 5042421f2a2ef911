using System.Collections.Immutable;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Registry;

namespace Luminarys.Cluster.Master;

/// <summary>
/// Announcements in, registry snapshots out. A state machine: it owns no clock, no thread and no bus, and every answer follows from the messages and
/// the times it was given. Nothing older than what it knows changes it. Not thread-safe; only the peer table is read by others.
/// </summary>
internal sealed class NodeDirectory
{
    private const int MaxNodes = 1024;
    private static readonly TimeSpan s_joinLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_forgetAfter = TimeSpan.FromHours(24);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly DirectorySettings _settings;
    private readonly PeerTable _peers;
    private readonly SkillOwnership _ownership;
    private readonly FailureDetector _detector;
    private readonly ClusterDefences _defences;
    private readonly Dictionary<NodeId, NodeRecord> _nodes = [];
    private readonly Dictionary<NodeId, NodeMemory> _memories = [];
    private readonly RegistryBuilder _builder;
    private (RegistrySnapshot Snapshot, RegistryCopy Copy) _built = (RegistrySnapshot.Empty, RegistryCopy.Empty);
    private TimeSpan? _changedAt;
    private long _lastOrder;
    private TimeSpan _ownersCheckedAt;

    /// <summary>Creates a directory that knows only its own node.</summary>
    /// <param name="self">The master.</param>
    /// <param name="settings">Times.</param>
    /// <param name="peers">Told about every node that calls may go to.</param>
    /// <param name="ownership">Decides between nodes that offer the same skill.</param>
    /// <param name="defences">All but in tests.</param>
    public NodeDirectory(Node self, DirectorySettings settings, PeerTable peers, SkillOwnership ownership, ClusterDefences? defences = null)
    {
        (_settings, _peers, _ownership, _defences) = (settings, peers, ownership, defences ?? ClusterDefences.All);
        _detector = new(settings.HeartbeatInterval, settings.NodeTtl, _defences);
        _builder = new(self);
    }

    /// <summary>The master's epoch; 0 before it took office.</summary>
    public ulong Epoch => _builder.Version.Epoch;

    /// <summary>The registry with schemas, after every change so far.</summary>
    public RegistrySnapshot Snapshot => Latest().Snapshot;

    /// <summary>The registry as slaves hold it, after every change so far.</summary>
    public RegistryCopy Copy => Latest().Copy;

    /// <summary>What nodes offer and may not.</summary>
    public ImmutableArray<RefusedSkill> Refused => _builder.Refused;

    /// <summary>Whether the last sweep found too many nodes silent to believe it.</summary>
    public bool HasDoubt => _detector.HasDoubt;

    /// <summary>Begins an epoch with the master's own skills. Nodes that are known stay known.</summary>
    public void TakeOffice(ulong epoch, SkillList ownSkills, TimeSpan now)
    {
        _builder.Begin(epoch, ownSkills);
        Publish(now);
    }

    /// <summary>The master's own skills changed.</summary>
    public void Offer(SkillList ownSkills, TimeSpan now)
    {
        if (_builder.TryOffer(ownSkills))
        {
            Publish(now);
        }
    }

    /// <summary>A node wants to join, or says again that it is there.</summary>
    public DirectoryReply Hello(Sender sender, HelloMessage hello, TimeSpan now)
    {
        if (hello.Role == NodeRole.Master)
        {
            return DirectoryReply.Refuse(InvocationError.MasterConflict, $"the cluster has a living master, '{_builder.Self.Id}'");
        }

        if (sender.Node == _builder.Self.Id)
        {
            return DirectoryReply.Refuse(InvocationError.NodeIdInUse, "the master itself has this node id");
        }

        if (hello.MinVersion > ProtocolLimits.Version || hello.MaxVersion < ProtocolLimits.Version)
        {
            return DirectoryReply.Refuse(InvocationError.VersionUnsupported, $"this master speaks protocol {ProtocolLimits.Version}");
        }

        var memory = _memories.GetValueOrDefault(sender.Node);
        if (memory is null && _memories.Count >= MaxNodes && !TryForgetOldest())
        {
            return DirectoryReply.Refuse(InvocationError.Busy, $"the cluster has {MaxNodes} nodes already");
        }

        if (_defences.Incarnations && memory?.IsSuperseded(sender.Instance) == true)
        {
            return DirectoryReply.Refuse(InvocationError.WrongInstance, "a newer process has taken over this node id");
        }

        var record = _nodes.GetValueOrDefault(sender.Node);
        if (record is not null && record.Instance == sender.Instance && record.Incarnation == sender.Incarnation)
        {
            Hear(record, hello.T0, now);
            return Welcome(memory!);
        }

        var max = _defences.Incarnations ? memory?.MaxIncarnation ?? 0 : 0;
        if (sender.Incarnation <= max || sender.Incarnation - max > (max == 0 ? ProtocolLimits.MaxFirstNumber : ProtocolLimits.MaxJump))
        {
            return new(new AnswerMessage { Code = InvocationError.Stale, MaxIncarnation = max });
        }

        if (record is not null && record.Instance != sender.Instance)
        {
            return new(null) { Probe = record.Instance };
        }

        return Accept(sender, hello, now);
    }

    /// <summary>The process that held a newcomer's node id was probed.</summary>
    public DirectoryReply HelloAfterProbe(Sender sender, HelloMessage hello, InstanceId probed, bool isAlive, TimeSpan now)
    {
        if (_nodes.GetValueOrDefault(sender.Node) is { } record && record.Instance == probed)
        {
            if (isAlive)
            {
                return DirectoryReply.Refuse(InvocationError.NodeIdInUse, "another living process has this node id");
            }

            _memories[sender.Node].Supersede(probed);
            Remove(record, now);
        }

        return Hello(sender, hello, now);
    }

    /// <summary>A node sends a page of its skill list.</summary>
    public DirectoryReply Register(Sender sender, RegisterMessage message, TimeSpan now)
    {
        if (!TryFind(sender, out var record, out var refusal))
        {
            return refusal;
        }

        Hear(record, message.T0, now);
        if (message.RegistrationRevision <= record.RegistrationRevision && _defences.ListRevisions)
        {
            var isRepeat = message.RegistrationRevision == record.RegistrationRevision;
            return Registered(record, !isRepeat ? InvocationError.Stale
                : message.Digest == record.Skills.Digest ? InvocationError.None
                : InvocationError.Conflict);
        }

        if (message.Page == 0)
        {
            record.Pages = new(message);
        }

        if (record.Pages?.TryAdd(message) != true)
        {
            record.Pages = null;
            return Registered(record, InvocationError.Conflict);
        }

        if (!record.Pages.IsComplete)
        {
            return Registered(record, InvocationError.None);
        }

        var skills = SkillList.Verify(record.Pages.Skills, message.Digest);
        record.Pages = null;
        if (skills is null)
        {
            return DirectoryReply.Refuse(InvocationError.BadArgument, "the skills are not in order or do not match their digest");
        }

        Replace(record, skills, message.RegistrationRevision, now);
        return Registered(record, InvocationError.None);
    }

    /// <summary>A node says that it lives.</summary>
    public DirectoryReply Heartbeat(Sender sender, HeartbeatMessage beat, TimeSpan now)
    {
        if (!TryFind(sender, out var record, out var refusal))
        {
            return refusal;
        }

        Hear(record, beat.T0, now);
        if (beat.IsDraining)
        {
            Drain(record, now);
        }

        var isDifferent = beat.RegistrationRevision != record.RegistrationRevision || beat.Digest != record.Skills.Digest;
        var asksSync = isDifferent && !beat.IsDraining && (record.SyncAskedAt is not { } asked || now - asked >= s_pause);
        if (asksSync)
        {
            record.SyncAskedAt = now;
        }

        return new(Built()) { AsksSync = asksSync };
    }

    /// <summary>A node stops.</summary>
    public DirectoryReply Deregister(Sender sender, DeregisterMessage message, TimeSpan now)
    {
        if (!TryFind(sender, out var record, out var refusal))
        {
            return refusal;
        }

        if (message.IsDraining)
        {
            Hear(record, record.T0, now);
            Drain(record, now);
        }
        else
        {
            Remove(record, now);
            Publish(now);
        }

        return new(AnswerMessage.Ok);
    }

    /// <summary>Whether the sender may have the registry.</summary>
    public bool Admits(Sender sender) => TryFind(sender, out _, out _);

    /// <summary>Lets time pass: removes the silent, forgets the long gone. To be called often, and after all messages that wait.</summary>
    public void Sweep(TimeSpan now, bool isBusUp)
    {
        var silent = _detector.Sweep(now, isBusUp, _nodes.Values, out var hasSuspects);
        if (hasSuspects)
        {
            foreach (var suspect in _nodes.Values.Where(node => node.State == NodeState.Suspect))
            {
                _peers.Set(suspect.ToPeer());
            }
        }

        foreach (var record in silent)
        {
            Remove(record, now);
        }

        foreach (var record in _nodes.Values.Where(node => node.State == NodeState.Joining && now - node.JoinedAt > s_joinLimit).ToList())
        {
            Remove(record, now);
        }

        foreach (var (node, _) in _memories.Where(pair => !_nodes.ContainsKey(pair.Key) && now - pair.Value.SeenAt > s_forgetAfter).ToList())
        {
            _memories.Remove(node);
        }

        if (silent.Count > 0 || IsOwnerDue(now))
        {
            Publish(now);
        }
    }

    // Time alone can free a name; nobody notices when that comes a second later.
    private bool IsOwnerDue(TimeSpan now)
    {
        if (now - _ownersCheckedAt < s_pause)
        {
            return false;
        }

        _ownersCheckedAt = now;
        return _builder.WouldChange(_ownership, _nodes.Values, _lastOrder, now);
    }

    // Nodes that are gone are remembered for a day, but not at the cost of one that lives.
    private bool TryForgetOldest()
    {
        var gone = _memories.Where(pair => !_nodes.ContainsKey(pair.Key)).OrderBy(pair => pair.Value.SeenAt).Select(pair => pair.Key).Take(1).ToList();
        return gone.Count > 0 && _memories.Remove(gone[0]);
    }

    private DirectoryReply Accept(Sender sender, HelloMessage hello, TimeSpan now)
    {
        if (!_memories.TryGetValue(sender.Node, out var memory))
        {
            _memories[sender.Node] = memory = new();
        }

        memory.MaxIncarnation = sender.Incarnation;
        if (!_nodes.TryGetValue(sender.Node, out var record))
        {
            _nodes[sender.Node] = record = new(sender.Node, sender.Instance, now);
        }

        (record.Incarnation, record.TakesBundles) = (sender.Incarnation, hello.TakesBundles);
        Hear(record, hello.T0, now);
        return Welcome(memory);
    }

    private DirectoryReply Welcome(NodeMemory memory) => new(Built() with
    {
        MaxIncarnation = memory.MaxIncarnation,
        HeartbeatMs = (uint)_settings.HeartbeatInterval.TotalMilliseconds,
        TtlMs = (uint)_settings.NodeTtl.TotalMilliseconds,
    });

    private AnswerMessage Built() => new() { Code = InvocationError.None, Revision = _built.Copy.Version.Revision, Digest = _built.Copy.Digest };

    private DirectoryReply Registered(NodeRecord record, InvocationError code) => new(
        new AnswerMessage { Code = code, Revision = _built.Copy.Version.Revision, RegistrationRevision = record.RegistrationRevision });

    private bool TryFind(Sender sender, out NodeRecord record, out DirectoryReply refusal)
    {
        (record, refusal) = (_nodes.GetValueOrDefault(sender.Node)!, default);
        if (_memories.GetValueOrDefault(sender.Node)?.IsSuperseded(sender.Instance) == true)
        {
            refusal = DirectoryReply.Refuse(InvocationError.WrongInstance, "a newer process has taken over this node id");
        }
        else if (record is null || record.Instance != sender.Instance || record.Incarnation != sender.Incarnation)
        {
            refusal = DirectoryReply.Refuse(InvocationError.NotServing, "say hello first");
        }
        else if (sender.Epoch < Epoch)
        {
            refusal = new(new AnswerMessage { Code = InvocationError.StaleEpoch, HighestEpoch = Epoch });
        }

        return refusal.Answer is null;
    }

    private void Hear(NodeRecord record, long t0, TimeSpan now)
    {
        (record.HeardAt, record.T0) = (now, t0);
        if (record.State == NodeState.Suspect)
        {
            record.State = NodeState.Alive;
        }

        if (record.State == NodeState.Alive)
        {
            _peers.Set(record.ToPeer());
        }
    }

    private void Replace(NodeRecord record, SkillList skills, ulong revision, TimeSpan now)
    {
        (record.RegistrationRevision, record.SyncAskedAt) = (revision, null);
        if (record.State == NodeState.Joining)
        {
            record.State = NodeState.Alive;
        }
        else if (record.Skills.Digest == skills.Digest)
        {
            return;
        }

        record.Skills = skills.Sharing(record.Skills);
        record.Order = ++_lastOrder;
        if (record.State == NodeState.Alive)
        {
            _peers.Set(record.ToPeer());
        }

        _changedAt = now;
    }

    private void Drain(NodeRecord record, TimeSpan now)
    {
        if (record.State is NodeState.Alive or NodeState.Suspect)
        {
            record.State = NodeState.Draining;
            _peers.Remove(record.Id);
            Publish(now);
        }
    }

    private void Remove(NodeRecord record, TimeSpan now)
    {
        _nodes.Remove(record.Id);
        _peers.Remove(record.Id);
        _memories[record.Id].SeenAt = now;
    }

    // A version with the skill lists that came one after the other since the last look, and not one for each of them.
    private (RegistrySnapshot Snapshot, RegistryCopy Copy) Latest() => _changedAt is { } changedAt ? Publish(changedAt) : _built;

    private (RegistrySnapshot Snapshot, RegistryCopy Copy) Publish(TimeSpan now)
    {
        _changedAt = null;
        return _built = _builder.Build(_ownership, _nodes.Values, _lastOrder, now);
    }
}
