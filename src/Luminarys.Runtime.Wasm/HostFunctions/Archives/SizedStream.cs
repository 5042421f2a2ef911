namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>
/// So many bytes of another stream, from where it stands: no more, and not fewer without an error. Counts what passes. Does not own that stream.
/// </summary>
internal sealed class SizedStream(Stream inner, long length, Action<int>? count = null) : Stream
{
    private long _position;

    public override bool CanRead => true;

    /// <summary>True, because a writer of archives asks streams that can seek for their length; none of them seeks.</summary>
    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length > length - _position)
        {
            buffer = buffer[..(int)(length - _position)];
        }

        if (buffer.IsEmpty)
        {
            return 0;
        }

        var read = inner.Read(buffer);
        if (read == 0)
        {
            throw new EndOfStreamException($"{length - _position} bytes are missing at the end");
        }

        count?.Invoke(read);
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
