using System.Security.Cryptography;
using System.Text;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Signing;

/// <summary>What this process shares with another one that has proved who it is: the keys of their codes, and which messages came. Thread-safe.</summary>
/// <param name="node">The other node.</param>
/// <param name="point">Its process's key for agreeing on shared ones, as it signed it.</param>
internal sealed class PeerSession(NodeId node, ReadOnlyMemory<byte> point)
{
    private const int KeySize = 32;
    private readonly Lock _gate = new();
    private readonly ReplayWindow _signed = new();
    private readonly ReplayWindow _coded = new();
    private byte[]? _toPeer;
    private byte[]? _fromPeer;

    public NodeId Node { get; } = node;

    public ReadOnlyMemory<byte> Point { get; } = point;

    /// <summary>When it was used last, as a count of uses of the table.</summary>
    public long UsedAt { get; set; }

    /// <summary>Key of the codes toward the peer; null before <see cref="Agree"/>.</summary>
    public ReadOnlySpan<byte> ToPeer => _toPeer;

    /// <summary>Key of the codes from the peer.</summary>
    public ReadOnlySpan<byte> FromPeer => _fromPeer;

    /// <summary>Makes the shared keys. Called once, before anybody else sees the session.</summary>
    public void Agree(ReadOnlySpan<byte> secret, ClusterId cluster, InstanceId self, InstanceId peer) =>
        (_toPeer, _fromPeer) = (Derive(secret, cluster, self, peer), Derive(secret, cluster, peer, self));

    /// <summary>Takes a message's number; false when it came before.</summary>
    public bool TryTake(ulong sequence, bool isSigned)
    {
        lock (_gate)
        {
            return (isSigned ? _signed : _coded).TryTake(sequence);
        }
    }

    private static byte[] Derive(ReadOnlySpan<byte> secret, ClusterId cluster, InstanceId from, InstanceId to)
    {
        var context = Encoding.UTF8.GetBytes($"lm-mac-v1\0{cluster}\0");
        var info = new byte[context.Length + (2 * InstanceId.Size)];
        context.CopyTo(info, 0);
        from.Write(info.AsSpan(context.Length));
        to.Write(info.AsSpan(context.Length + InstanceId.Size));
        var key = new byte[KeySize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt: default, info);
        return key;
    }
}
