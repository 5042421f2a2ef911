using System.Collections.Concurrent;
using System.Collections.Immutable;
using Luminarys.Events;
using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Master.Transfers;

/// <summary>Hands what the master learns of transfers to those who wait for the calls that asked for them. Thread-safe.</summary>
internal sealed class TransferWatch : ITransferWatch
{
    private readonly ConcurrentDictionary<CallId, ImmutableArray<Action<TransferProgress>>> _followers = new();

    /// <inheritdoc/>
    public IDisposable Follow(CallId root, Action<TransferProgress> handler)
    {
        _followers.AddOrUpdate(root, [handler], (_, others) => others.Add(handler));
        return new Following(this, root, handler);
    }

    /// <summary>Passes it on when it is news of a transfer. Called by one thread at a time.</summary>
    public void Tell(IDomainEvent change)
    {
        var progress = change switch
        {
            TransferStarted started => started.Progress,
            TransferProgressed progressed => progressed.Progress,
            TransferCompleted completed => completed.Progress,
            _ => null,
        };
        if (progress is not null && progress.Root != default && _followers.TryGetValue(progress.Root, out var followers))
        {
            foreach (var follower in followers)
            {
                follower(progress);
            }
        }
    }

    private void Leave(CallId root, Action<TransferProgress> handler)
    {
        while (_followers.TryGetValue(root, out var followers))
        {
            var left = followers.Remove(handler);
            if (left.IsEmpty ? _followers.TryRemove(KeyValuePair.Create(root, followers)) : _followers.TryUpdate(root, left, followers))
            {
                return;
            }
        }
    }

    private sealed class Following(TransferWatch watch, CallId root, Action<TransferProgress> handler) : IDisposable
    {
        public void Dispose() => watch.Leave(root, handler);
    }
}
