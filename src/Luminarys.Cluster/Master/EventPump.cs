using System.Threading.Channels;
using Luminarys.Events;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Master;

/// <summary>
/// Tells the embedding application what happened, in order and on a task of its own: a subscriber that is slow, or stops the node, must not hold up
/// the membership of nodes.
/// </summary>
internal sealed class EventPump : IAsyncDisposable
{
    private static readonly TimeSpan s_endWait = TimeSpan.FromSeconds(2);

    private readonly Channel<IDomainEvent> _waiting = Channel.CreateUnbounded<IDomainEvent>(new() { SingleReader = true });
    private readonly IEventPublisher _events;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _run;

    public EventPump(IEventPublisher events, TimeProvider time, ILogger logger)
    {
        (_events, _time, _logger) = (events, time, logger);
        _run = RunAsync();
    }

    /// <summary>Hands over an event; nothing happens after disposal.</summary>
    public void Post(IDomainEvent change) => _waiting.Writer.TryWrite(change);

    /// <summary>Ends when everything is told, or two seconds later: the subscriber may be the one who waits for this.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAny(_run, Task.Delay(s_endWait, _time, CancellationToken.None)).ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        await foreach (var change in _waiting.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await _events.PublishAsync(change, CancellationToken.None).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Whatever a subscriber throws must not keep the next event from being told; it is logged as what it is.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.EventPublisherFailed(_logger, exception);
            }
        }
    }
}
