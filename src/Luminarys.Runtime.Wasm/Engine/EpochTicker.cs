using Wasmtime;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>
/// Advances the engine's epoch every 10 ms while guests run, on a thread of its own, so that a busy thread pool delays no deadline. Parks
/// when no guest has run for a while, and then costs nothing.
/// </summary>
internal sealed class EpochTicker
{
    private const int IdleTicksBeforeParking = 20;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(10);

    private readonly object _bed = new();
    private readonly Wasmtime.Engine _engine;
    private readonly Action _onTick;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private int _parked;
    private volatile bool _stopping;

    /// <summary>Starts the thread.</summary>
    /// <param name="engine">The engine to advance.</param>
    /// <param name="onTick">Called after each tick, on the ticker's thread; must be short and must not throw.</param>
    public EpochTicker(Wasmtime.Engine engine, Action onTick)
    {
        _engine = engine;
        _onTick = onTick;
        new Thread(Run) { IsBackground = true, Name = "luminarys-epoch" }.Start();
    }

    /// <summary>Says that a guest begins to run.</summary>
    public void Enter()
    {
        Interlocked.Increment(ref _running);
        if (Volatile.Read(ref _parked) == 1)
        {
            Wake();
        }
    }

    /// <summary>Says that a guest has ended.</summary>
    public void Exit() => Interlocked.Decrement(ref _running);

    /// <summary>Ends the thread; the task completes when it no longer uses the engine.</summary>
    public Task StopAsync()
    {
        _stopping = true;
        Wake();
        return _ended.Task;
    }

    private void Run()
    {
        var idleTicks = 0;
        while (!_stopping)
        {
            idleTicks = Volatile.Read(ref _running) == 0 ? idleTicks + 1 : 0;
            if (idleTicks > IdleTicksBeforeParking)
            {
                Park();
                idleTicks = 0;
            }

            lock (_bed)
            {
                Monitor.Wait(_bed, s_interval);
            }

            _engine.IncrementEpoch();
            _onTick();
        }

        _ended.SetResult();
    }

    private void Park()
    {
        Interlocked.Exchange(ref _parked, 1);
        lock (_bed)
        {
            // A guest that entered before it could see this thread parked does not wake it. Waits once: a guest that came and went again
            // is the sign of more to come, and each one that finds this thread parked pays for waking it.
            if (Volatile.Read(ref _running) == 0 && !_stopping)
            {
                Monitor.Wait(_bed);
            }
        }

        Volatile.Write(ref _parked, 0);
    }

    private void Wake()
    {
        lock (_bed)
        {
            Monitor.Pulse(_bed);
        }
    }
}
