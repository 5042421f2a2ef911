using System.Collections.Concurrent;
using System.Security.Cryptography;
using Luminarys.Cluster.Messaging;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Signing;

/// <summary>The processes that have proved who they are, and what this one shares with them. Thread-safe.</summary>
internal sealed class PeerSessions : IDisposable
{
    private const int MaxForNode = 64;

    private readonly NodeIdentity _identity;
    private readonly ECDiffieHellman _own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentDictionary<InstanceId, PeerSession> _sessions = new();
    private readonly Lock _gate = new();
    private long _uses;

    public PeerSessions(NodeIdentity identity)
    {
        _identity = identity;
        OwnPoint = Points.Of(_own);
    }

    /// <summary>Public half of this process's key for agreeing on shared ones.</summary>
    public byte[] OwnPoint { get; }

    /// <summary>What is shared with a process; null before it has proved itself.</summary>
    public PeerSession? Find(InstanceId instance)
    {
        var session = _sessions.GetValueOrDefault(instance);
        session?.UsedAt = Interlocked.Increment(ref _uses);
        return session;
    }

    /// <summary>What is shared with a process that just signed this point; null when it signed another one before, or the point is none.</summary>
    public PeerSession? Open(NodeId node, InstanceId instance, ReadOnlySpan<byte> point)
    {
        if (Find(instance) is { } known)
        {
            return IsSame(known, node, point) ? known : null;
        }

        lock (_gate)
        {
            // Two messages of a new process may come at once; there must be one memory of what came.
            if (Find(instance) is { } other)
            {
                return IsSame(other, node, point) ? other : null;
            }

            if (Agree(node, instance, point) is not { } session)
            {
                return null;
            }

            MakeRoom(node);
            session.UsedAt = Interlocked.Increment(ref _uses);
            _sessions[instance] = session;
            return session;
        }
    }

    public void Dispose() => _own.Dispose();

    private static bool IsSame(PeerSession session, NodeId node, ReadOnlySpan<byte> point) => session.Node == node && session.Point.Span.SequenceEqual(point);

    private PeerSession? Agree(NodeId node, InstanceId instance, ReadOnlySpan<byte> point)
    {
        if (!Points.TryRead(point, out var parameters))
        {
            return null;
        }

        try
        {
            using var peer = ECDiffieHellman.Create(parameters);
            using var key = peer.PublicKey;
            var secret = _own.DeriveRawSecretAgreement(key);
            var session = new PeerSession(node, point.ToArray());
            session.Agree(secret, _identity.Cluster, _identity.Instance, instance);
            CryptographicOperations.ZeroMemory(secret);
            return session;
        }
        catch (CryptographicException)
        {
            // Not on the curve.
            return null;
        }
    }

    // A node that starts again and again must not fill the memory. The process that is heard of is not the one that is forgotten.
    private void MakeRoom(NodeId node)
    {
        var ofNode = _sessions.Where(entry => entry.Value.Node == node).OrderBy(entry => entry.Value.UsedAt).ToList();
        foreach (var (instance, _) in ofNode.Take(Math.Max(0, ofNode.Count - MaxForNode + 1)))
        {
            _sessions.TryRemove(instance, out _);
        }
    }
}
