using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.Skills;
using Luminarys.State;
using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.Commands;

/// <summary>
/// The calls that a skill asked to make to itself later. They are stored, so that they outlive the process, and each is removed before it runs: it runs at
/// most once. One that was due while nobody was there runs when the skill is offered again.
/// </summary>
internal sealed class SkillSchedules
{
    /// <summary>Schedules of one skill that may be open.</summary>
    public const int MaxOpen = 16;

    private const long ShortestDelayMs = 1000;
    private const long LongestDelayMs = 10L * 365 * 24 * 60 * 60 * 1000;

    /// <summary>The wall clock may be set meanwhile, so it is looked at now and then.</summary>
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly OperationGate _running = new();
    private readonly PriorityQueue<Schedule, DateTimeOffset> _open = new();
    private readonly SkillId _skill;
    private readonly IStateStore _states;
    private readonly SkillCallbacks _callbacks;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private ITimer? _timer;
    private SkillSchedules? _next;
    private Task? _ended;
    private int _added;
    private bool _isActive;
    private bool _isStopped;

    /// <summary>Makes an empty list.</summary>
    public SkillSchedules(SkillId skill, IStateStore states, SkillCallbacks callbacks, TimeProvider time, ILogger logger) =>
        (_skill, _states, _callbacks, _time, _logger) = (skill, states, callbacks, time, logger);

    /// <summary>Takes up what is stored from before. Nothing runs before <see cref="Activate"/>.</summary>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var schedule in await _states.ReadSchedulesAsync(_skill, cancellationToken).ConfigureAwait(false))
        {
            Enqueue(schedule);
        }
    }

    /// <summary>What is open runs when it is due.</summary>
    public void Activate()
    {
        lock (_gate)
        {
            _isActive = true;
            Arm();
        }
    }

    /// <summary>Gives what is open, and what calls of this version still ask for, to the next one; begins it there when what runs here has ended.</summary>
    public async Task HandOverAsync(SkillSchedules next)
    {
        bool wasActive;
        var ended = StopAsync();
        lock (_gate)
        {
            (wasActive, _next) = (_isActive, next);
            while (_open.TryDequeue(out var schedule, out _))
            {
                next.Enqueue(schedule);
            }
        }

        await ended.ConfigureAwait(false);
        if (wasActive)
        {
            next.Activate();
        }
    }

    /// <summary>Adds a call; answers what prevents it, or null.</summary>
    /// <exception cref="IOException">The store cannot be written.</exception>
    public async ValueTask<string?> AddAsync(string method, long delayMs, ReadOnlyMemory<byte> arguments, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var due = now + TimeSpan.FromMilliseconds(Math.Clamp(delayMs, ShortestDelayMs, LongestDelayMs));
        var schedule = new Schedule(Guid.CreateVersion7(now), _skill, method, arguments.ToArray(), due);
        lock (_gate)
        {
            if (_open.Count + _added >= MaxOpen)
            {
                return $"{MaxOpen} schedules are open already";
            }

            Interlocked.Increment(ref _added);
        }

        try
        {
            await _states.AddScheduleAsync(schedule, cancellationToken).ConfigureAwait(false);
            Enqueue(schedule);
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _added);
        }
    }

    /// <summary>Runs nothing more; completes when what runs has ended. What is open stays stored.</summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _isStopped = true;
            _timer?.Dispose();
            return _ended ??= _running.CloseAsync();
        }
    }

    private void Enqueue(Schedule schedule)
    {
        lock (_gate)
        {
            if (_next is { } next)
            {
                next.Enqueue(schedule);
                return;
            }

            // The version before may give what the store has given already.
            if (_open.UnorderedItems.Any(open => open.Element.Id == schedule.Id))
            {
                return;
            }

            _open.Enqueue(schedule, schedule.Due);
            Arm();
        }
    }

    // Under the lock.
    private void Arm()
    {
        if (_isStopped || !_isActive || !_open.TryPeek(out _, out var due))
        {
            return;
        }

        var wait = due - _time.GetUtcNow();
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > s_longestWait ? s_longestWait : wait;
        _timer ??= _time.CreateTimer(static self => ((SkillSchedules)self!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        List<Schedule> due = [];
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            while (!_isStopped && _open.TryPeek(out var schedule, out var at) && at <= now)
            {
                _open.Dequeue();
                due.Add(schedule);
            }

            Arm();
        }

        foreach (var schedule in due)
        {
            if (_running.TryEnter())
            {
                _ = RunAsync(schedule);
            }
        }
    }

    private async Task RunAsync(Schedule schedule)
    {
        try
        {
            // Somebody else has taken it: another process on the same database.
            if (!await _states.RemoveScheduleAsync(schedule.Id, CancellationToken.None).ConfigureAwait(false))
            {
                return;
            }

            var result = await _callbacks.DeliverAsync(schedule.Method, schedule.Payload, CancellationToken.None).ConfigureAwait(false);
            if (result.Error is InvocationError.Draining or InvocationError.NoSuchSkill)
            {
                // It has not begun: the skill comes back, and then it shall run.
                await _states.AddScheduleAsync(schedule, CancellationToken.None).ConfigureAwait(false);
            }
            else if (result.Error == InvocationError.Busy)
            {
                var again = schedule with { Due = schedule.Due + s_again };
                await _states.AddScheduleAsync(again, CancellationToken.None).ConfigureAwait(false);
                Enqueue(again);
            }
        }
        catch (IOException exception)
        {
            Log.ScheduleFailed(_logger, _skill.Value, schedule.Method, exception);
        }
        finally
        {
            _running.Exit();
        }
    }
}
