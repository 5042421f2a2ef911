using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Messaging;

/// <summary>
/// One reader for everything that changes a node's membership state: messages in the order of arrival, then, when none waits, the clock.
/// So an age is never judged while a message that would refresh it is still in the queue.
/// </summary>
/// <typeparam name="T">Event.</typeparam>
internal sealed class EventLoop<T> : IAsyncDisposable
{
    private const int Capacity = 8192;

    // A flood of messages must not stop the clock.
    private const int MaxEventsPerTick = 1024;

    private readonly Channel<T> _events = Channel.CreateBounded<T>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _timer;
    private readonly Func<T, ValueTask> _handle;
    private readonly Func<ValueTask> _tick;
    private readonly ILogger _logger;
    private Task _run = Task.CompletedTask;
    private int _isTickDue;
    private int _isDisposed;

    /// <summary>Creates a loop that does not run yet.</summary>
    /// <param name="time">Clock.</param>
    /// <param name="period">Time between two ticks.</param>
    /// <param name="handle">Takes an event.</param>
    /// <param name="tick">Takes the passing of time.</param>
    /// <param name="logger">Takes defects of the handlers.</param>
    public EventLoop(TimeProvider time, TimeSpan period, Func<T, ValueTask> handle, Func<ValueTask> tick, ILogger logger)
    {
        (_handle, _tick, _logger) = (handle, tick, logger);
        _timer = time.CreateTimer(_ => RequestTick(), null, period, period);
    }

    public void Start() => _run = RunAsync();

    /// <summary>Hands over an event; false when the queue is full or the loop has stopped.</summary>
    public bool TryPost(T item)
    {
        if (!_events.Writer.TryWrite(item))
        {
            return false;
        }

        _wake.Release();
        return true;
    }

    /// <summary>Stops after the current event and waits for that.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        _events.Writer.TryComplete();
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        _stop.Dispose();
    }

    private void RequestTick()
    {
        if (Interlocked.Exchange(ref _isTickDue, 1) == 0)
        {
            _wake.Release();
        }
    }

    private async Task RunAsync()
    {
        // Leave the starter's thread: its caller must not wait for the first events.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (true)
            {
                await _wake.WaitAsync(_stop.Token).ConfigureAwait(false);
                await HandleWaitingAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async ValueTask HandleWaitingAsync()
    {
        for (var i = 0; i < MaxEventsPerTick && _events.Reader.TryRead(out var item); i++)
        {
            await GuardAsync(_handle, item).ConfigureAwait(false);
        }

        if (Interlocked.Exchange(ref _isTickDue, 0) == 1)
        {
            await GuardAsync(static loop => loop._tick(), this).ConfigureAwait(false);
        }
    }

    // The handler is called in here: it may throw before it gives back a task.
    private async ValueTask GuardAsync<TArgument>(Func<TArgument, ValueTask> work, TArgument argument)
    {
        try
        {
            await work(argument).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A defect in one event must not end the membership of the node; it is logged as what it is.
        catch (Exception exception) when (exception is not OperationCanceledException || !_stop.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.EventFailed(_logger, exception);
        }
    }
}
