namespace Luminarys.Simulation;

/// <summary>Virtual time and the one source of chance: everything happens on one thread, in an order that follows from the seed.</summary>
internal sealed class Scheduler(int seed)
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _queue = new();
    private long _order;

    public TimeSpan Now { get; private set; }

    public Random Random { get; } = new(seed);

    public void After(TimeSpan delay, Action action) => _queue.Enqueue(action, (Now + delay, _order++));

    /// <summary>Runs what is due until the time, with a check after each step.</summary>
    public void RunUntil(TimeSpan until, Action afterStep)
    {
        while (_queue.TryPeek(out _, out var key) && key.At <= until)
        {
            var action = _queue.Dequeue();
            Now = key.At;
            action();
            afterStep();
        }

        Now = until;
    }

    public bool Chance(double probability) => Random.NextDouble() < probability;

    public TimeSpan Between(double minSeconds, double maxSeconds) =>
        TimeSpan.FromSeconds(minSeconds + (Random.NextDouble() * (maxSeconds - minSeconds)));

    public Guid NextGuid()
    {
        var bytes = new byte[16];
        Random.NextBytes(bytes);
        return new(bytes);
    }
}
