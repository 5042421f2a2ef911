using System.IO.Pipelines;

namespace Luminarys.Cluster.Loopback;

/// <summary>One side of an in-process channel: two bounded pipes, one each way.</summary>
internal sealed class LoopbackRelayStream : Stream
{
    // As much as a relay holds per direction.
    private static readonly PipeOptions s_options = new(
        pauseWriterThreshold: 256 * 1024, resumeWriterThreshold: 128 * 1024, useSynchronizationContext: false);

    private readonly PipeReader _reader;
    private readonly PipeWriter _writer;
    private readonly Stream _input;

    private LoopbackRelayStream(PipeReader reader, PipeWriter writer) =>
        (_reader, _writer, _input) = (reader, writer, reader.AsStream(leaveOpen: true));

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static (Stream Left, Stream Right) CreatePair()
    {
        var (toRight, toLeft) = (new Pipe(s_options), new Pipe(s_options));
        return (new LoopbackRelayStream(toLeft.Reader, toRight.Writer), new LoopbackRelayStream(toRight.Reader, toLeft.Writer));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _input.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await _writer.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (result.IsCompleted && !buffer.IsEmpty)
        {
            throw new IOException("The other side closed the relay channel.");
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw SynchronousUse();

    public override void Write(byte[] buffer, int offset, int count) => throw SynchronousUse();

    // Every write is visible to the reader when it completes.
    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _writer.Complete();
            _reader.Complete();
        }

        base.Dispose(disposing);
    }

    private static NotSupportedException SynchronousUse() => new("The channel is asynchronous: a blocked thread could be the one the other side needs.");
}
