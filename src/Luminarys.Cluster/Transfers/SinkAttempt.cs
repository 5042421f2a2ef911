using System.Security.Cryptography;
using System.Threading.Channels;
using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Ports;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers;

/// <summary>
/// One attempt to take a file out of a tunnel. Drives a <see cref="SinkSession"/>: opens one part while the one before is hashed and written. Everything that
/// touches the disk begins in the order in which the session asked for it; what comes next is written while what came before is flushed.
/// </summary>
/// <param name="file">The file; not owned.</param>
/// <param name="offered">Size and fingerprint of the file as it was offered.</param>
/// <param name="stream">Channel to the source; not owned.</param>
/// <param name="seals">Seals of both directions; not owned.</param>
/// <param name="settings">Times and sizes.</param>
/// <param name="time">Clock.</param>
internal sealed class SinkAttempt(IIncomingFile file, (long Length, UInt128 Fingerprint) offered, Stream stream, TunnelSeals seals, AttemptSettings settings, TimeProvider time)
    : IDisposable
{
    private const int Buffers = 4;

    private readonly Lock _gate = new();
    private readonly long _begin = time.GetTimestamp();
    private readonly SinkSession _session = new(offered.Length, offered.Fingerprint, settings, TimeSpan.Zero);
    private readonly TunnelWriter _writer = new(stream, seals.Out, sendsFile: false);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Channel<TunnelFrame> _free = Channel.CreateUnbounded<TunnelFrame>();
    private readonly Channel<(TunnelFrame? Part, SinkAction? Action)> _disk = Channel.CreateUnbounded<(TunnelFrame?, SinkAction?)>(new() { SingleReader = true });
    private readonly TaskCompletionSource<SinkAction.End> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new(Timeout.InfiniteTimeSpan, time);

    /// <summary>How far the file has come.</summary>
    public long Received
    {
        get
        {
            lock (_gate)
            {
                return _session.Received;
            }
        }
    }

    /// <summary>Runs it to its end. Called once, before disposal.</summary>
    /// <param name="cancellationToken">Ends it, unless the file is being given its name; what has come is kept for another attempt.</param>
    public async Task<AttemptEnd> RunAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < Buffers; i++)
        {
            _free.Writer.TryWrite(new TunnelFrame(TunnelLimits.MaxFrame));
        }

        var writing = _writer.RunAsync(_stop.Token);
        var reading = ReadAsync();
        var storing = StoreAsync();
        var ticking = TunnelLoops.TickAsync(time, () => Apply(_session.Advance), _stop.Token);
        SinkAction.End end;
        await using (cancellationToken.UnsafeRegister(_ => Apply(_ => _session.Cancel()), null).ConfigureAwait(false))
        {
            end = await _end.Task.ConfigureAwait(false);
        }

        _writer.Complete();
        _disk.Writer.TryComplete();
        _stop.CancelAfter(TunnelLoops.FarewellWait);
        await writing.ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(reading, storing, ticking).ConfigureAwait(false);
        if (end.IsUseless)
        {
            file.Discard();
        }

        return end.Outcome;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hash.Dispose();
        _stop.Dispose();
    }

    private void Apply(Func<TimeSpan, IReadOnlyList<SinkAction>> step)
    {
        lock (_gate)
        {
            Do(step(time.GetElapsedTime(_begin)));
        }
    }

    private void Do(IReadOnlyList<SinkAction> actions)
    {
        foreach (var action in actions)
        {
            switch (action)
            {
                case SinkAction.Say say:
                    _writer.Say(say.Message);
                    break;
                case SinkAction.End end:
                    _end.TrySetResult(end);
                    break;
                default:
                    _disk.Writer.TryWrite((null, action));
                    break;
            }
        }
    }

    private async Task ReadAsync()
    {
        var fault = TransferFault.PeerLost;
        try
        {
            while (true)
            {
                var frame = await _free.Reader.ReadAsync(_stop.Token).ConfigureAwait(false);
                if (!await frame.ReadAsync(stream, _stop.Token).ConfigureAwait(false))
                {
                    break;
                }

                if (!seals.In.TryOpen(frame))
                {
                    fault = TransferFault.Corrupt;
                    break;
                }

                if (!TryTake(frame))
                {
                    fault = TransferFault.Protocol;
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            fault = TransferFault.PeerLost;
        }

        Apply(_ => _session.Lose(fault));
    }

    private bool TryTake(TunnelFrame frame)
    {
        if (frame.IsData)
        {
            Take(frame);
            return true;
        }

        var isMessage = TunnelCodec.TryRead(frame.Type, frame.Body.Span, out var message);
        _free.Writer.TryWrite(frame);
        if (isMessage)
        {
            Apply(now => _session.Hear(message!, now));
        }

        return isMessage;
    }

    private void Take(TunnelFrame frame)
    {
        lock (_gate)
        {
            var actions = _session.Take(frame.Offset, frame.Content.Length, time.GetElapsedTime(_begin));
            if (_session.State == SinkState.Receiving)
            {
                _disk.Writer.TryWrite((frame, null));
            }

            Do(actions);
        }
    }

    private async Task StoreAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var flushing = Task.CompletedTask;
        try
        {
            await foreach (var (part, action) in _disk.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                if (part is not null)
                {
                    Store(part);
                    continue;
                }

                await flushing.ConfigureAwait(false);
                if (action is SinkAction.Flush flush)
                {
                    flushing = FlushAsync(flush.Offset);
                }
                else
                {
                    Store(action!);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The attempt has ended.
        }
        catch (IOException)
        {
            Apply(_ => _session.Fail(TransferFault.StorageFailed));
        }

        await flushing.ConfigureAwait(false);
    }

    private async Task FlushAsync(long offset)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            if (file.Flush(offset) is { } fault)
            {
                Fail(fault);
            }
            else
            {
                Apply(now => _session.Flushed(offset, now));
            }
        }
        catch (IOException)
        {
            Apply(_ => _session.Fail(TransferFault.StorageFailed));
        }
    }

    private void Store(TunnelFrame part)
    {
        _hash.AppendData(part.Content.Span);
        if (seals.In.NeedsHashSoFar)
        {
            _hash.GetCurrentHash(part.HashSoFar);
        }

        if (!seals.In.Confirms(part))
        {
            Apply(_ => _session.Lose(TransferFault.Corrupt));
        }
        else if (file.Write(part.Content.Span, part.Offset) is { } fault)
        {
            Fail(fault);
        }

        _free.Writer.TryWrite(part);
    }

    private void Store(SinkAction action)
    {
        switch (action)
        {
            case SinkAction.Prepare:
                var there = HashWhatIsThere();
                Apply(now => _session.Prepared(there, ContentHash.Read(_hash.GetCurrentHash()), now));
                break;
            case SinkAction.Restart when file.Restart() is { } fault:
                Fail(fault);
                break;
            case SinkAction.Restart:
                _hash.GetHashAndReset();
                break;
            case SinkAction.Verify:
                Apply(_ => _session.Verified(ContentHash.Read(_hash.GetCurrentHash())));
                break;
            case SinkAction.Commit when file.Commit(ContentHash.Read(_hash.GetCurrentHash())) is { } fault:
                Apply(_ => _session.Fail(TransferFaults.OfCommit(fault)));
                break;
            case SinkAction.Commit:
                Apply(_session.Committed);
                break;
        }
    }

    private long HashWhatIsThere()
    {
        var buffer = new byte[TunnelLimits.Part];
        long offset = 0;
        while (offset < file.Durable)
        {
            _stop.Token.ThrowIfCancellationRequested();
            var count = file.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, file.Durable - offset)), offset);
            if (count == 0)
            {
                break;
            }

            _hash.AppendData(buffer, 0, count);
            offset += count;
        }

        return offset;
    }

    private void Fail(FileFault fault) => Apply(_ => _session.Fail(TransferFaults.Of(fault)));
}
