using System.Threading.Channels;
using Luminarys.Cluster.Transfers.Tunnel;

namespace Luminarys.Cluster.Transfers;

/// <summary>
/// Seals frames and writes them, in the order in which they were given, while the next part of the file is read. A few buffers go round: whoever wants to
/// send a part waits for one. Thread-safe.
/// </summary>
internal sealed class TunnelWriter
{
    private const int Buffers = 4;

    private readonly Stream _stream;
    private readonly TunnelSeal _seal;
    private readonly Channel<TunnelFrame> _outgoing = Channel.CreateUnbounded<TunnelFrame>(new() { SingleReader = true });
    private readonly Channel<TunnelFrame> _free = Channel.CreateUnbounded<TunnelFrame>();

    /// <param name="stream">Where frames go. Not owned.</param>
    /// <param name="seal">Closes them.</param>
    /// <param name="sendsFile">Whether parts of a file are sent.</param>
    public TunnelWriter(Stream stream, TunnelSeal seal, bool sendsFile)
    {
        (_stream, _seal) = (stream, seal);
        for (var i = 0; sendsFile && i < Buffers; i++)
        {
            _free.Writer.TryWrite(new TunnelFrame(TunnelLimits.MaxFrame));
        }
    }

    /// <summary>Takes a buffer for a part of the file; it comes back when it was sent.</summary>
    public ValueTask<TunnelFrame> RentAsync(CancellationToken cancellationToken) => _free.Reader.ReadAsync(cancellationToken);

    /// <summary>Takes a buffer back that was not sent.</summary>
    public void Return(TunnelFrame frame) => _free.Writer.TryWrite(frame);

    /// <summary>Sends a part of the file.</summary>
    public void Send(TunnelFrame frame) => _outgoing.Writer.TryWrite(frame);

    /// <summary>Sends a message; nothing after <see cref="Complete"/>.</summary>
    public void Say(TunnelMessage message)
    {
        var frame = new TunnelFrame(TunnelLimits.MaxSmallFrame);
        frame.SetMessage(message);
        _outgoing.Writer.TryWrite(frame);
    }

    /// <summary>Nothing more will be sent.</summary>
    public void Complete() => _outgoing.Writer.TryComplete();

    /// <summary>Writes what is sent until everything was; false when the stream broke.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                while (_outgoing.Reader.TryRead(out var frame))
                {
                    var isPart = frame.IsData;
                    var type = frame.Type;
                    _seal.Close(frame);
                    CrashPoints.Pass("source-part-sealed", isPart);
                    CrashPoints.Pass("sink-done-sealed", type == TunnelFrameType.Done);
                    await _stream.WriteAsync(frame.Bytes, cancellationToken).ConfigureAwait(false);
                    CrashPoints.Pass("source-part-sent", isPart);
                    CrashPoints.Pass("source-finish-sent", type == TunnelFrameType.Finish);
                    CrashPoints.Pass("sink-done-sent", type == TunnelFrameType.Done);
                    if (isPart)
                    {
                        _free.Writer.TryWrite(frame);
                    }
                }
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            return false;
        }
    }
}
