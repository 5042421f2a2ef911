using Luminarys.Cluster.Messaging;
using Luminarys.Nodes;
using Luminarys.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Luminarys.Simulation;

/// <summary>A process that can be paused, resumed and killed between any two steps.</summary>
internal abstract class SimulatedProcess
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);
    private readonly List<Action> _waiting = [];
    private bool _missedTick;

    protected SimulatedProcess(Simulation simulation, NodeId node, NodeRole role, SimulatedTime time)
    {
        Simulation = simulation;
        var random = simulation.Scheduler.Random;
        Identity = new(new("sim"), node, role) { Instance = new(new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64())) };
        Time = time;
        Clock = new(time);
        Buses = new(new SimulatedBus(simulation.Network, this), new SimulatedBus(simulation.Network, this));
        Outbox = new(Identity);
        Inbox = new(Identity, NullLogger.Instance);
    }

    public NodeId Node => Identity.Node;

    public InstanceId Instance => Identity.Instance;

    public bool IsPaused { get; private set; }

    public bool IsDead { get; private set; }

    /// <summary>Longest extra delay of what it receives, in seconds.</summary>
    public double Slowness { get; set; }

    /// <summary>When its last pause ended that lasted a heartbeat or more.</summary>
    public TimeSpan LongPauseEndedAt { get; private set; }

    public SimulatedTime Time { get; }

    protected Simulation Simulation { get; }

    protected Scheduler Scheduler => Simulation.Scheduler;

    protected NodeIdentity Identity { get; }

    protected NodeClock Clock { get; }

    protected NodeBuses Buses { get; }

    protected Outbox Outbox { get; }

    protected Inbox Inbox { get; }

    private TimeSpan PausedAt { get; set; }

    /// <summary>Takes a message of the bus.</summary>
    public abstract void Take(BusMessage message);

    /// <summary>The bus went or came.</summary>
    public abstract void BusChanged();

    /// <summary>Does it now, after the pause, or never.</summary>
    public void Run(Action action)
    {
        if (IsDead)
        {
            return;
        }

        if (IsPaused)
        {
            _waiting.Add(action);
        }
        else
        {
            action();
        }
    }

    public void Pause() => (IsPaused, PausedAt) = (true, IsPaused ? PausedAt : Scheduler.Now);

    /// <summary>Goes on: with what waited, and with the clock before or after it.</summary>
    public void Resume()
    {
        if (!IsPaused || IsDead)
        {
            return;
        }

        IsPaused = false;
        LongPauseEndedAt = Scheduler.Now - PausedAt >= Simulation.Interval ? Scheduler.Now : LongPauseEndedAt;
        var isClockFirst = _missedTick && Scheduler.Chance(0.5);
        var actions = _waiting.ToList();
        _waiting.Clear();
        if (isClockFirst)
        {
            Tick();
        }

        foreach (var action in actions)
        {
            Run(action);
        }

        if (_missedTick && !isClockFirst)
        {
            Run(Tick);
        }

        _missedTick = false;
    }

    /// <summary>Ends at once, wherever it is.</summary>
    public virtual void Crash()
    {
        IsDead = true;
        _waiting.Clear();
        Simulation.Network.Processes.Remove(this);
        Simulation.Trace($"{Node} ends");
    }

    /// <summary>Ends unless it has ended.</summary>
    public void CrashIfAlive()
    {
        if (!IsDead)
        {
            Crash();
        }
    }

    protected void Start()
    {
        Simulation.Network.Processes.Add(this);
        Scheduler.After(Scheduler.Between(0, 0.1), OnTick);
    }

    /// <summary>Does it later, if it still lives then.</summary>
    protected void Later(TimeSpan delay, Action action) => Scheduler.After(delay, () => Run(action));

    protected abstract void Tick();

    private void OnTick()
    {
        if (IsDead)
        {
            return;
        }

        if (IsPaused)
        {
            _missedTick = true;
        }
        else
        {
            Tick();
        }

        Scheduler.After(s_tick, OnTick);
    }
}
