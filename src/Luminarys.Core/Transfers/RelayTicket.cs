using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Luminarys.Nodes;

namespace Luminarys.Transfers;

/// <summary>What a relay learns of one side of a transfer: neither file nor content.</summary>
/// <param name="Cluster">The cluster that the transfer belongs to, see <see cref="DigestOf"/>.</param>
/// <param name="Transfer">Name of the transfer.</param>
/// <param name="Attempt">Which attempt of it.</param>
/// <param name="Role">The side that is admitted.</param>
/// <param name="Node">The node that may use it.</param>
public sealed record RelayTicket(UInt128 Cluster, UInt128 Transfer, uint Attempt, TransferRole Role, NodeId Node)
{
    /// <summary>Bytes of payload that the pair may carry in both directions together.</summary>
    public ulong MaxBytes { get; init; } = ulong.MaxValue;

    /// <summary>Bytes each second that the pair may carry; 0 for no limit.</summary>
    public ulong MaxRate { get; init; }

    /// <summary>When it expires, in whole milliseconds.</summary>
    public DateTimeOffset NotAfter { get; init; }

    /// <summary>The form in which tickets name a cluster: the first 16 bytes of the SHA-256 of its id.</summary>
    public static UInt128 DigestOf(ClusterId cluster) => BinaryPrimitives.ReadUInt128BigEndian(
        SHA256.HashData(Encoding.UTF8.GetBytes(cluster.Value)));
}
