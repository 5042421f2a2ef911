using System.Threading.Channels;
using Luminarys.Cluster.Protocol;
using Luminarys.Diagnostics;
using Luminarys.Nodes;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Messaging;

/// <summary>
/// Events that wait for the bus, sent one after the other so that those of one emitter stay in order. It holds a bounded number of them and of their
/// bytes; what comes on top is dropped and counted. Thread-safe.
/// </summary>
internal sealed class EventQueue : IAsyncDisposable
{
    /// <summary>Events that may wait.</summary>
    public const int Capacity = 1024;

    /// <summary>Bytes that may wait.</summary>
    public const long MaxBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan s_endWait = TimeSpan.FromSeconds(2);

    private readonly Channel<(EventMessage Event, NodeId From)> _waiting =
        Channel.CreateBounded<(EventMessage, NodeId)>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    private readonly Func<EventMessage, NodeId, ValueTask> _send;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _run;
    private long _bytes;

    /// <summary>Creates a queue that sends at once.</summary>
    /// <param name="send">Sends one event that came from the node.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Takes defects of the sender.</param>
    public EventQueue(Func<EventMessage, NodeId, ValueTask> send, TimeProvider time, ILogger logger)
    {
        (_send, _time, _logger) = (send, time, logger);
        _run = RunAsync();
    }

    /// <summary>Counts an event that goes no further.</summary>
    public static void Drop(string reason) => LuminarysDiagnostics.DroppedEvents.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Hands over an event of a node.</summary>
    public void Post(EventMessage message, NodeId from)
    {
        if (Interlocked.Add(ref _bytes, message.Size) > MaxBytes || !_waiting.Writer.TryWrite((message, from)))
        {
            Interlocked.Add(ref _bytes, -message.Size);
            Drop("queue");
        }
    }

    /// <summary>Takes no more; ends when everything is sent, or two seconds later.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        if (!_run.IsCompleted)
        {
            await Task.WhenAny(_run, Task.Delay(s_endWait, _time, CancellationToken.None)).ConfigureAwait(false);
        }
    }

    private async Task RunAsync()
    {
        await foreach (var (message, from) in _waiting.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await _send(message, from).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Nobody awaits this work: a defect is logged as what it is, and the next event has its chance.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.EventNotCarried(_logger, exception);
            }

            Interlocked.Add(ref _bytes, -message.Size);
        }
    }
}
