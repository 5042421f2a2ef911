using System.Buffers.Binary;
using System.Security.Cryptography;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers.Tunnel;

/// <summary>AES-256-GCM. The nonce is direction (u32) and number of the frame (u64), the length prefix is additional data.</summary>
internal sealed class CipherSeal(ReadOnlySpan<byte> key, TransferRole sender) : TunnelSeal
{
    private const int NonceSize = 12;

    private readonly AesGcm _cipher = new(key, TunnelLimits.Seal);
    private readonly uint _direction = TunnelLimits.NumberOf(sender);

    /// <inheritdoc/>
    public override bool NeedsHashSoFar => false;

    /// <inheritdoc/>
    public override bool Confirms(TunnelFrame frame) => true;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _cipher.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override void Close(Span<byte> frame, ReadOnlySpan<byte> hashSoFar, ulong number)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(nonce, number);
        var text = frame[TunnelLimits.Prefix..^TunnelLimits.Seal];
        _cipher.Encrypt(nonce, text, text, frame[^TunnelLimits.Seal..], frame[..TunnelLimits.Prefix]);
    }

    /// <inheritdoc/>
    protected override bool TryOpen(Span<byte> frame, ulong number)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(nonce, number);
        var text = frame[TunnelLimits.Prefix..^TunnelLimits.Seal];
        try
        {
            _cipher.Decrypt(nonce, text, frame[^TunnelLimits.Seal..], text, frame[..TunnelLimits.Prefix]);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private void WriteNonce(Span<byte> nonce, ulong number)
    {
        BinaryPrimitives.WriteUInt32BigEndian(nonce, _direction);
        BinaryPrimitives.WriteUInt64BigEndian(nonce[sizeof(uint)..], number);
    }
}
