using System.Buffers.Binary;
using System.Security.Cryptography;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers.Tunnel;

/// <summary>
/// A sum against faults, not against attackers, for clusters that switched encryption off: the first half of SHA-256 over direction, number and frame. In a
/// frame of data the hash of the file so far stands for its bytes: both ends have it anyway, so nothing is hashed twice.
/// </summary>
internal sealed class SumSeal(TransferRole sender) : TunnelSeal
{
    private readonly uint _direction = TunnelLimits.NumberOf(sender);

    /// <inheritdoc/>
    public override bool NeedsHashSoFar => true;

    /// <inheritdoc/>
    public override bool Confirms(TunnelFrame frame)
    {
        var bytes = frame.Bytes.Span;
        return Matches(bytes[..TunnelLimits.DataHead], frame.HashSoFar, frame.Number, bytes[^TunnelLimits.Seal..]);
    }

    /// <inheritdoc/>
    protected override void Close(Span<byte> frame, ReadOnlySpan<byte> hashSoFar, ulong number)
    {
        Span<byte> sum = stackalloc byte[SHA256.HashSizeInBytes];
        if (IsData(frame))
        {
            Sum(frame[..TunnelLimits.DataHead], hashSoFar, number, sum);
        }
        else
        {
            Sum(frame[..^TunnelLimits.Seal], [], number, sum);
        }

        sum[..TunnelLimits.Seal].CopyTo(frame[^TunnelLimits.Seal..]);
    }

    /// <inheritdoc/>
    protected override bool TryOpen(Span<byte> frame, ulong number) =>
        IsData(frame) || Matches(frame[..^TunnelLimits.Seal], [], number, frame[^TunnelLimits.Seal..]);

    private static bool IsData(ReadOnlySpan<byte> frame) =>
        frame.Length >= TunnelLimits.DataHead + TunnelLimits.Seal && frame[TunnelLimits.Prefix] == (byte)TunnelFrameType.Data;

    private bool Matches(ReadOnlySpan<byte> head, ReadOnlySpan<byte> content, ulong number, ReadOnlySpan<byte> seal)
    {
        Span<byte> sum = stackalloc byte[SHA256.HashSizeInBytes];
        Sum(head, content, number, sum);
        return sum[..TunnelLimits.Seal].SequenceEqual(seal);
    }

    private void Sum(ReadOnlySpan<byte> head, ReadOnlySpan<byte> content, ulong number, Span<byte> sum)
    {
        Span<byte> place = stackalloc byte[sizeof(uint) + sizeof(ulong)];
        BinaryPrimitives.WriteUInt32BigEndian(place, _direction);
        BinaryPrimitives.WriteUInt64BigEndian(place[sizeof(uint)..], number);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(place);
        hash.AppendData(head);
        hash.AppendData(content);
        hash.GetHashAndReset(sum);
    }
}
