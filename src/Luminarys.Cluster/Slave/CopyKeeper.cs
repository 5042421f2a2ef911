using System.Collections.Immutable;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Registry;

namespace Luminarys.Cluster.Slave;

/// <summary>Keeps a slave's copy of the registry equal to the master's: deltas when they follow on it, else the whole registry, page by page.</summary>
internal sealed class CopyKeeper(SessionDice dice, ClusterDefences defences)
{
    private const int MismatchesBeforeSnapshot = 2;
    private static readonly TimeSpan s_answerWait = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_gapJitter = TimeSpan.FromMilliseconds(500);

    private readonly List<NodeCopy> _pages = [];
    private (CallId Id, TimeSpan SentAt)? _request;
    private RegistryVersion _pagesVersion;
    private TimeSpan? _askAt;
    private int _mismatches;

    /// <summary>The copy.</summary>
    public RegistryCopy Current { get; private set; } = RegistryCopy.Empty;

    /// <summary>Gives up what is on its way.</summary>
    public void Forget() => (_request, _askAt, _mismatches) = (null, null, 0);

    /// <summary>The master let us in and named its registry: asks for it unless the copy is the same.</summary>
    public SessionAction? Compare(RegistryVersion version, Digest128 digest, TimeSpan now) =>
        Current.Version == version && Current.Digest == digest ? null : Ask(now);

    /// <summary>The master named its registry in passing. A delta may be on its way, so only the second mismatch counts.</summary>
    public SessionAction? Notice(RegistryVersion version, Digest128 digest, TimeSpan now)
    {
        if (Current.Version == version && Current.Digest == digest)
        {
            _mismatches = 0;
            return null;
        }

        if (++_mismatches < MismatchesBeforeSnapshot || _request is not null)
        {
            return null;
        }

        return Ask(now);
    }

    /// <summary>Takes a change of the registry.</summary>
    public void TakeDelta(ulong epoch, DeltaMessage delta, TimeSpan now)
    {
        if (epoch < Current.Version.Epoch || (epoch == Current.Version.Epoch && delta.Revision <= Current.Version.Revision))
        {
            return;
        }

        if (epoch == Current.Version.Epoch && Current.Apply(delta) is { } next)
        {
            Current = next;
            _mismatches = 0;
        }
        else if (_request is null)
        {
            _askAt ??= now + dice.Between(TimeSpan.Zero, s_gapJitter);
        }
    }

    /// <summary>Takes a page that was asked for; null when the bus says that there is no master.</summary>
    public SessionAction? TakePage(CallId id, ulong epoch, SnapshotMessage? page, TimeSpan now)
    {
        if (_request?.Id != id)
        {
            return null;
        }

        _request = null;
        if (page is null || page.Code != InvocationError.None)
        {
            return null;
        }

        var version = new RegistryVersion(epoch, page.Revision);
        if (_pages.Count > 0 && version != _pagesVersion)
        {
            // The registry changed between two pages.
            return Ask(now);
        }

        _pagesVersion = version;
        _pages.AddRange(page.Nodes);
        if (page.HasMore && page.Nodes.Length > 0)
        {
            return Request(_pages[^1].Id.Value, now);
        }

        var next = RegistryCopy.Of(version, _pages);
        if (next.Digest != page.Digest)
        {
            return Ask(now);
        }

        if (version > Current.Version || !defences.CopyRevisions)
        {
            Current = next;
        }

        _mismatches = 0;
        return null;
    }

    /// <summary>Lets time pass.</summary>
    public SessionAction? Tick(TimeSpan now)
    {
        if (_request is { } request && now - request.SentAt >= s_answerWait)
        {
            return Ask(now);
        }

        return _askAt <= now ? Ask(now) : null;
    }

    private SessionAction.Send Ask(TimeSpan now)
    {
        _pages.Clear();
        return Request("", now);
    }

    private SessionAction.Send Request(string after, TimeSpan now)
    {
        var id = dice.NextId();
        (_request, _askAt) = ((id, now), null);
        return new(MessageTypes.Snapshot, id, new SnapshotRequest(after));
    }
}
