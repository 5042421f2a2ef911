using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Events;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Registry;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Master;

/// <summary>Carries every new registry version to those who use it: the router, running calls, the embedding application and the slaves.</summary>
internal sealed class RegistryPublisher(
    MasterLink link, SkillRegistry registry, RemoteInvoker remote, EventPump events, OwnershipFile ownership, ILogger logger)
{
    // Changes that come together travel together.
    private static readonly TimeSpan s_coalesce = TimeSpan.FromMilliseconds(100);

    private readonly NameGuard _names = new(events, logger);
    private RegistryCopy _current = RegistryCopy.Empty;
    private RegistryCopy _broadcast = RegistryCopy.Empty;
    private TimeSpan? _changedAt;

    /// <summary>The registry that was published last. May be read on any thread.</summary>
    public RegistryCopy Current => Volatile.Read(ref _current);

    /// <summary>A process has its connection back: frames of its calls may be lost.</summary>
    public void AskAgain(InstanceId instance) => remote.AskAgain(instance);

    /// <summary>Every call to this process with a number up to the answer has ended.</summary>
    public ulong DoneUpTo(InstanceId instance) => remote.DoneUpTo(instance);

    /// <summary>Publishes the directory's registry; false when it is not new.</summary>
    public bool Publish(NodeDirectory directory)
    {
        if (directory.Copy.Version == _current.Version)
        {
            return false;
        }

        if (_current.Version.Epoch != directory.Copy.Version.Epoch)
        {
            // Slaves learn the first version of an epoch when they say hello.
            _broadcast = directory.Copy;
        }

        _names.Report(directory.Refused);
        Volatile.Write(ref _current, directory.Copy);
        _changedAt ??= link.Clock.Now;
        ownership.Save();
        var before = registry.Current;
        registry.TryPublish(directory.Snapshot);
        foreach (var node in RegistryChanges.Lost(before, directory.Snapshot))
        {
            remote.NodeLost(node.Id, node.Instance);
        }

        foreach (var change in RegistryChanges.Between(before, directory.Snapshot))
        {
            Tell(change);
        }

        return true;
    }

    /// <summary>Sends the slaves what changed, when it has rested long enough.</summary>
    public void Broadcast(TimeSpan now)
    {
        if (_changedAt is not { } changedAt || now - changedAt < s_coalesce || _current.Version == _broadcast.Version)
        {
            return;
        }

        var delta = _current.Since(_broadcast);
        if (delta.Nodes.Sum(RegistryCopy.SizeOf) > ProtocolLimits.PageSize)
        {
            // Too large for a message: a delta that follows on no version makes every slave ask for the registry, page by page.
            delta = new(delta.Revision, delta.Revision, delta.Digest, [], []);
        }

        (_broadcast, _changedAt) = (_current, null);
        link.Outbox.Post(link.Buses.Control, link.Subjects.Registry, null, new(MessageTypes.Delta, CallId.New(link.Clock.Time)), delta);
    }

    private void Tell(IDomainEvent change)
    {
        switch (change)
        {
            case NodeJoined { Node.Role: NodeRole.Slave } joined: Log.NodeJoined(logger, joined.Node.Id, _current.SkillCount(joined.Node.Id)); break;
            case NodeLost lost: Log.NodeGone(logger, lost.Node.Id, "it left or fell silent"); break;
        }

        events.Post(change);
    }
}
