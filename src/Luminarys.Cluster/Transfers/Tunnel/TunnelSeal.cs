namespace Luminarys.Cluster.Transfers.Tunnel;

/// <summary>
/// Closes the frames of one direction, and opens them at the other end in the same order: a frame that was altered, dropped, repeated or moved does not open,
/// nor does any after it. Not thread-safe, but for <see cref="Confirms"/>.
/// </summary>
internal abstract class TunnelSeal : IDisposable
{
    private ulong _count;
    private bool _isBroken;

    /// <summary>Whether <see cref="TunnelFrame.HashSoFar"/> of data must be set before it is closed or confirmed.</summary>
    public abstract bool NeedsHashSoFar { get; }

    /// <summary>Seals a frame in place.</summary>
    public void Close(TunnelFrame frame)
    {
        frame.Number = Next();
        Close(frame.Bytes.Span, frame.HashSoFar, frame.Number);
    }

    /// <summary>Opens a frame in place; false for ever after one that does not open.</summary>
    public bool TryOpen(TunnelFrame frame)
    {
        frame.Number = Next();
        _isBroken = _isBroken || !TryOpen(frame.Bytes.Span, frame.Number);
        return !_isBroken;
    }

    /// <summary>Whether the file's bytes in a frame of data that opened are those that were sent, where the seal itself does not say so.</summary>
    public abstract bool Confirms(TunnelFrame frame);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Seals the frame of this number.</summary>
    protected abstract void Close(Span<byte> frame, ReadOnlySpan<byte> hashSoFar, ulong number);

    /// <summary>Opens the frame of this number.</summary>
    protected abstract bool TryOpen(Span<byte> frame, ulong number);

    // A number that came round would be a nonce used twice.
    private ulong Next() => checked(_count++);
}
