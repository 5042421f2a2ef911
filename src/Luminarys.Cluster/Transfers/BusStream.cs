using System.Threading.Channels;
using Luminarys.Invocations;
using Luminarys.Ports;

namespace Luminarys.Cluster.Transfers;

/// <summary>
/// One end of a tunnel over the bus. At most a window of messages is on its way in each direction, so that neither the server nor the other end keeps more; one
/// that is lost breaks the stream, and the attempt goes on in the next one. One reader and one writer.
/// </summary>
internal sealed class BusStream(IBus bus, string target, uint attempt) : Stream
{
    private readonly Channel<byte[]> _come = Channel.CreateBounded<byte[]>(BusFrame.Window);
    private readonly SemaphoreSlim _credit = new(BusFrame.Window);
    private readonly TaskCompletionSource _met = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _frame = new byte[BusFrame.Head + BusFrame.Chunk];
    private readonly CancellationTokenSource _broken = new();
    private IAsyncDisposable? _subscription;
    private ReadOnlyMemory<byte> _rest;
    private ulong _sent;
    private ulong _credited;
    private ulong _expected;
    private ulong _taken;
    private int _isClosed;

    /// <summary>Completes when the other end is there.</summary>
    public Task Met => _met.Task;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Begins to hear the other end.</summary>
    public async ValueTask ListenAsync(string source, CancellationToken cancellationToken) =>
        _subscription = await bus.SubscribeAsync(source, BusOverflow.Notify, OnMessage, cancellationToken).ConfigureAwait(false);

    /// <summary>Asks whether the other end is there.</summary>
    public ValueTask AskAsync(CancellationToken cancellationToken) => SayAsync(BusFrame.Ask, 0, cancellationToken);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.IsEmpty)
        {
            if (!await _come.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false) || !_come.Reader.TryRead(out var chunk))
            {
                return 0;
            }

            _rest = chunk;
            _taken++;
            if (_taken % (BusFrame.Window / 2) == 0)
            {
                await SayAsync(BusFrame.Credit, _taken, cancellationToken).ConfigureAwait(false);
            }
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_broken.Token, cancellationToken);
        while (!buffer.IsEmpty)
        {
            try
            {
                await _credit.WaitAsync(stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new IOException("The other end of the tunnel is gone.");
            }

            var count = Math.Min(buffer.Length, Math.Min(BusFrame.Chunk, bus.MaxPayload - BusFrame.Head));
            BusFrame.Write(_frame, BusFrame.Data, attempt, _sent);
            buffer[..count].CopyTo(_frame.AsMemory(BusFrame.Head));
            _sent++;
            if (await bus.PublishAsync(target, null, _frame.AsMemory(0, BusFrame.Head + count), cancellationToken).ConfigureAwait(false) is var error && error != InvocationError.None)
            {
                throw new IOException($"The bus did not take a part of the tunnel: {error}.");
            }

            buffer = buffer[count..];
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            if (_met.Task.IsCompleted)
            {
                await SayAsync(BusFrame.End, _sent, CancellationToken.None).ConfigureAwait(false);
            }

            if (_subscription is not null)
            {
                await _subscription.DisposeAsync().ConfigureAwait(false);
            }

            Break(null);
        }

        await base.DisposeAsync().ConfigureAwait(false);
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
            Break(null);
        }

        base.Dispose(disposing);
    }

    private void OnMessage(in BusMessage message)
    {
        if (message.Kind != BusMessageKind.Data)
        {
            Break(new IOException("The bus lost a part of the tunnel."));
        }
        else if (BusFrame.TryRead(message.Payload.Span, attempt, out var kind, out var number))
        {
            Take(kind, number, message.Payload.Span[BusFrame.Head..]);
        }
    }

    private void Take(byte kind, ulong number, ReadOnlySpan<byte> content)
    {
        switch (kind)
        {
            case BusFrame.Ask:
                _met.TrySetResult();
                _ = SayAsync(BusFrame.Answer, 0, CancellationToken.None).AsTask();
                break;
            case BusFrame.Answer:
                _met.TrySetResult();
                break;
            case BusFrame.Data when number == _expected && _come.Writer.TryWrite(content.ToArray()):
                _expected++;
                break;
            case BusFrame.Credit when number > _credited && number <= Volatile.Read(ref _sent):
                _credit.Release((int)(number - _credited));
                _credited = number;
                break;
            case BusFrame.End when number == _expected:
                Break(null);
                break;
            default:
                Break(new IOException("A part of the tunnel is missing, or came unasked."));
                break;
        }
    }

    private void Break(Exception? why)
    {
        _come.Writer.TryComplete(why);
        _broken.Cancel();
    }

    // What is lost is found by the numbers, or by the silence.
    private async ValueTask SayAsync(byte kind, ulong number, CancellationToken cancellationToken)
    {
        var frame = new byte[BusFrame.Head];
        BusFrame.Write(frame, kind, attempt, number);
        await bus.PublishAsync(target, null, frame, cancellationToken).ConfigureAwait(false);
    }
}
