using System.Security.Cryptography;
using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Ports;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers;

/// <summary>One attempt to send a file through a tunnel. Drives a <see cref="SourceSession"/>: reads and hashes one part while the one before is sealed and sent.</summary>
/// <param name="file">The file; not owned.</param>
/// <param name="stream">Channel to the sink; not owned.</param>
/// <param name="seals">Seals of both directions; not owned.</param>
/// <param name="settings">Times and sizes.</param>
/// <param name="time">Clock.</param>
internal sealed class SourceAttempt(IOutgoingFile file, Stream stream, TunnelSeals seals, AttemptSettings settings, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SourceSession _session = new(file.Length, file.Fingerprint, settings);
    private readonly TunnelWriter _writer = new(stream, seals.Out, sendsFile: true);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly TaskCompletionSource<AttemptEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new(Timeout.InfiniteTimeSpan, time);
    private readonly SemaphoreSlim _mayGoOn = new(0);
    private readonly List<Task> _work = [];
    private readonly long _begin = time.GetTimestamp();
    private long _sent;

    /// <summary>How far the file was sent, and how far it is on the sink's disk.</summary>
    public (long Sent, long Durable) Progress
    {
        get
        {
            lock (_gate)
            {
                return (_sent, _session.Durable);
            }
        }
    }

    /// <summary>Runs it to its end. Called once, before disposal.</summary>
    /// <param name="cancellationToken">Ends it; the sink is told and keeps what it has.</param>
    public async Task<AttemptEnd> RunAsync(CancellationToken cancellationToken)
    {
        var writing = _writer.RunAsync(_stop.Token);
        var reading = TunnelLoops.ListenAsync(stream, seals.In, TunnelLimits.MaxSmallFrame, Hear, Lose, _stop.Token);
        var ticking = TunnelLoops.TickAsync(time, () => Apply(_session.Advance), _stop.Token);
        var ended = LoseWhenBrokenAsync(writing, reading);
        Apply(_session.Start);
        AttemptEnd end;
        await using (cancellationToken.UnsafeRegister(_ => Apply(now => _session.Fail(TransferFault.Cancelled, now)), null).ConfigureAwait(false))
        {
            end = await _end.Task.ConfigureAwait(false);
        }

        // What was said last, an abort, is still on its way: it gets a moment.
        _writer.Complete();
        _stop.CancelAfter(TunnelLoops.FarewellWait);
        await writing.ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll([reading, ticking, ended, .. _work]).ConfigureAwait(false);
        return end;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hash.Dispose();
        _stop.Dispose();
        _mayGoOn.Dispose();
    }

    private async Task LoseWhenBrokenAsync(Task<bool> writing, Task reading)
    {
        if (!await writing.ConfigureAwait(false))
        {
            // Why the sink gave up, which it said last, may still be on its way.
            await Task.WhenAny(reading, Task.Delay(TunnelLoops.FarewellWait, time, _stop.Token)).ConfigureAwait(false);
            Lose(TransferFault.PeerLost);
        }
    }

    private void Hear(TunnelMessage message)
    {
        CrashPoints.Pass("source-mark-heard", message is TunnelMessage.Mark);
        CrashPoints.Pass("source-done-heard", message is TunnelMessage.Done);
        Apply(now => _session.Hear(message, now));
        CrashPoints.Pass("source-done-taken", message is TunnelMessage.Done);
    }

    private void Lose(TransferFault fault) => Apply(_ => _session.Lose(fault));

    private void Apply(Func<TimeSpan, IReadOnlyList<SourceAction>> step)
    {
        lock (_gate)
        {
            foreach (var action in step(time.GetElapsedTime(_begin)))
            {
                Do(action);
            }
        }

        // The sink's disk may have caught up, or the attempt have ended.
        _mayGoOn.Release();
    }

    private void Do(SourceAction action)
    {
        switch (action)
        {
            case SourceAction.Say say:
                _writer.Say(say.Message);
                break;
            case SourceAction.HashPrefix prefix:
                _work.Add(WorkAsync(() => HashPrefixAsync(prefix.Length)));
                break;
            case SourceAction.SendFrom from:
                _work.Add(WorkAsync(() => SendAsync(from)));
                break;
            case SourceAction.End end:
                _end.TrySetResult(end.Outcome);
                break;
        }
    }

    private async Task WorkAsync(Func<Task> work)
    {
        // The caller holds the gate.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (IOException)
        {
            Apply(now => _session.Fail(TransferFault.StorageFailed, now));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The attempt has ended.
        }
    }

    private async Task HashPrefixAsync(long length)
    {
        var frame = await _writer.RentAsync(_stop.Token).ConfigureAwait(false);
        for (long offset = 0; offset < length;)
        {
            _stop.Token.ThrowIfCancellationRequested();
            var count = file.Read(frame.Room.Span[..(int)Math.Min(frame.Room.Length, length - offset)], offset);
            if (count == 0)
            {
                Apply(now => _session.Fail(TransferFault.SourceChanged, now));
                return;
            }

            _hash.AppendData(frame.Room.Span[..count]);
            offset += count;
        }

        _writer.Return(frame);
        Apply(now => _session.PrefixHashed(ContentHash.Read(_hash.GetCurrentHash()), now));
    }

    private async Task SendAsync(SourceAction.SendFrom from)
    {
        if (!from.KeepsHash)
        {
            _hash.GetHashAndReset();
        }

        for (var offset = from.Offset; offset < file.Length;)
        {
            var frame = await _writer.RentAsync(_stop.Token).ConfigureAwait(false);
            var count = file.Read(frame.Room.Span[..(int)Math.Min(frame.Room.Length, file.Length - offset)], offset);
            if (count == 0)
            {
                Apply(now => _session.Fail(TransferFault.SourceChanged, now));
                return;
            }

            _hash.AppendData(frame.Room.Span[..count]);
            frame.SetData(offset, count);
            if (seals.Out.NeedsHashSoFar)
            {
                _hash.GetCurrentHash(frame.HashSoFar);
            }

            offset += count;
            await WaitForSinkAsync(offset).ConfigureAwait(false);
            _writer.Send(frame);
        }

        var hash = ContentHash.Read(_hash.GetCurrentHash());
        var isUnchanged = file.IsUnchanged;
        CrashPoints.Pass("source-all-read");
        Apply(now => _session.AllSent(hash, isUnchanged, now));
    }

    private async ValueTask WaitForSinkAsync(long end)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_session.MaySend(end))
                {
                    _sent = end;
                    _session.Sent(time.GetElapsedTime(_begin));
                    return;
                }
            }

            await _mayGoOn.WaitAsync(_stop.Token).ConfigureAwait(false);
        }
    }
}
