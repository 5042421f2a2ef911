using System.Globalization;
using System.Threading.Channels;
using Luminarys.Invocations;
using Luminarys.Mcp.Results;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;

namespace Luminarys.Mcp.Tools;

/// <summary>
/// Tells one client how far one call has come. What was measured goes out at once; while nothing is, a sign of life goes out every 5 s, so that a client
/// that gives up on silence waits. A slow client misses the older ones. Values only grow, as the protocol asks.
/// </summary>
internal sealed class ClientProgress : IProgress<CallProgress>, IAsyncDisposable
{
    private static readonly TimeSpan s_beatEvery = TimeSpan.FromSeconds(5);

    private const int MaxWaiting = 16;

    // Small beside any measured value, so that what is measured after it still grows.
    private const double BeatStep = 0.001;

    private readonly Channel<CallProgress?> _reports = Channel.CreateBounded<CallProgress?>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Func<ProgressNotificationValue, Task> _send;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly Task _sending;
    private double _last = double.NegativeInfinity;

    public ClientProgress(Func<ProgressNotificationValue, Task> send, TimeProvider time, ILogger logger)
    {
        (_send, _time, _logger, _start) = (send, time, logger, time.GetTimestamp());
        _timer = time.CreateTimer(_ => Beat(), null, s_beatEvery, s_beatEvery);
        _sending = SendAllAsync();
    }

    /// <summary>Knows the files of calls; null when nothing does.</summary>
    public ITransferWatch? Transfers { get; init; }

    /// <summary>Reports on the files of a call as well, until disposed of; null when nothing knows of any.</summary>
    public IDisposable? Follow(CallId call) => Transfers?.Follow(call, new TransferNotes(this).Take);

    public void Report(CallProgress value)
    {
        _timer.Change(s_beatEvery, s_beatEvery);
        _reports.Writer.TryWrite(value);
    }

    /// <summary>Sends what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        _reports.Writer.TryComplete();
        await _sending.ConfigureAwait(false);
    }

    private void Beat()
    {
        if (!_reports.Reader.TryPeek(out _))
        {
            _reports.Writer.TryWrite(null);
        }
    }

    private async Task SendAllAsync()
    {
        await foreach (var report in _reports.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (ToSend(report) is not { } value)
            {
                continue;
            }

            try
            {
                await _send(value).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Whether a client can be told must not decide over its call; the result says the same to it, or its end ends the call.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _logger.ProgressNotSent(exception);
                return;
            }
        }
    }

    private ProgressNotificationValue? ToSend(CallProgress? report)
    {
        if (report is not { } measured)
        {
            _last = double.Max(_last, 0) + BeatStep;
            var seconds = _time.GetElapsedTime(_start).TotalSeconds;
            return new() { Progress = (float)_last, Message = string.Create(CultureInfo.InvariantCulture, $"running for {seconds:0} s") };
        }

        if (!(measured.Done > _last))
        {
            return null;
        }

        _last = measured.Done;
        return new()
        {
            Progress = (float)measured.Done,
            Total = (float?)measured.Total,
            Message = measured.Message is null ? null : VisibleText.Of(measured.Message),
        };
    }
}
