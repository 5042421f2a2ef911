using Luminarys.Cluster.Transfers.Tunnel;

namespace Luminarys.Cluster.Tests.Transfers;

/// <summary>
/// One end's stream through a carrier that does one bad thing, chosen by a seed, to one frame that is written: some bytes of it are altered, lost, repeated, moved or made up,
/// the frame as a whole is lost, repeated, kept back until after the next one or replaced by an earlier one, or the stream ends there.
/// </summary>
/// <param name="inner">The stream; disposed with this.</param>
/// <param name="random">Chooses.</param>
/// <param name="frame">Which frame, from 0.</param>
/// <param name="keepsFrames">Whether only what a frame says is altered, and all frames come.</param>
internal sealed class CorruptingStream(Stream inner, Random random, int frame, bool keepsFrames) : Stream
{
    private readonly List<byte[]> _earlier = [];
    private byte[]? _kept;

    /// <summary>What was done; null as long as the frame has not come.</summary>
    public string? Deed { get; private set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = buffer.ToArray();
        _earlier.Add(bytes);
        if (_earlier.Count == frame + 1)
        {
            bytes = Harm(bytes);
        }
        else if (_kept is { } kept)
        {
            (bytes, _kept) = ([.. bytes, .. kept], null);
        }

        if (bytes.Length > 0)
        {
            await inner.WriteAsync(bytes, cancellationToken);
        }

        if (Deed == "cut")
        {
            throw new IOException("cut");
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private byte[] Harm(byte[] bytes)
    {
        // Half of the time in the first bytes, where the length, the type and the offset stand.
        var at = random.Next(keepsFrames ? TunnelLimits.Prefix : 0, random.Next(2) == 0 ? Math.Min(bytes.Length, 24) : bytes.Length);
        var count = 1 + random.Next(Math.Min(bytes.Length - at, 1 << random.Next(12)));
        switch (random.Next(keepsFrames ? 4 : 11))
        {
            case 3 when frame > 0:
                Deed = "earlier frame in its place";
                return _earlier[random.Next(frame)];
            case 0 or 3:
                Deed = "bit flipped";
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                Deed = "bytes made up";
                random.NextBytes(bytes.AsSpan(at, count));
                return bytes;
            case 2:
                Deed = "bytes moved";
                bytes.AsSpan(at).Reverse();
                return bytes;
            case 4:
                Deed = "bytes lost";
                return [.. bytes[..at], .. bytes[(at + count)..]];
            case 5:
                Deed = "bytes repeated";
                return [.. bytes[..(at + count)], .. bytes[at..]];
            case 6:
                Deed = "bytes put in";
                return [.. bytes[..at], .. Strange(count), .. bytes[at..]];
            case 7:
                Deed = "frame lost";
                return [];
            case 8:
                Deed = "frame repeated";
                return [.. bytes, .. bytes];
            case 9:
                (Deed, _kept) = ("frame kept back", bytes);
                return [];
            default:
                Deed = "cut";
                return bytes[..at];
        }
    }

    private byte[] Strange(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
