namespace Luminarys.Simulation.Transfers;

/// <summary>
/// The channel of one attempt: in order and whole in both directions until it is cut. A frame that is cut anywhere does not arrive. Either end may be told
/// of the end, or hear nothing more.
/// </summary>
internal sealed class SimulatedTunnel(Scheduler scheduler)
{
    private TimeSpan _atSource;
    private TimeSpan _atSink;

    /// <summary>The end that has the file.</summary>
    public SimulatedSource? Source { get; set; }

    /// <summary>The end that gets it.</summary>
    public SimulatedSink? Sink { get; set; }

    /// <summary>Whether anything still arrives.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Frames on their way to the sink; a source waits when they are many.</summary>
    public int OnTheWay { get; private set; }

    public void ToSink(object frame)
    {
        OnTheWay++;
        _atSink = Later(_atSink);
        scheduler.After(_atSink - scheduler.Now, () =>
        {
            OnTheWay--;
            if (IsOpen)
            {
                Sink?.Take(frame);
            }
        });
    }

    public void ToSource(object frame)
    {
        _atSource = Later(_atSource);
        scheduler.After(_atSource - scheduler.Now, () =>
        {
            if (IsOpen)
            {
                Source?.Take(frame);
            }
        });
    }

    /// <summary>Nothing arrives any more. An end that closes in order has everything that it said delivered before.</summary>
    public void Close(bool isOrderly)
    {
        if (!isOrderly)
        {
            IsOpen = false;
        }

        var delay = (_atSource > _atSink ? _atSource : _atSink) - scheduler.Now;
        scheduler.After(
            isOrderly && delay > TimeSpan.Zero ? delay : TimeSpan.Zero,
            () =>
            {
                IsOpen = false;
                Tell(() => Source?.Lose());
                Tell(() => Sink?.Lose());
            });
    }

    // Some ends learn it at once, some late, some only from the silence.
    private void Tell(Action lose)
    {
        if (scheduler.Chance(0.7))
        {
            scheduler.After(scheduler.Between(0, 3), lose);
        }
    }

    private TimeSpan Later(TimeSpan last)
    {
        var at = scheduler.Now + scheduler.Between(0.001, 0.02);
        return at > last ? at : last;
    }
}
