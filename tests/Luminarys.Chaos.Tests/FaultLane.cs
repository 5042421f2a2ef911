namespace Luminarys.Chaos;

/// <summary>One direction of a <see cref="FaultProxy"/>: what happens to bytes that pass. Applies to every connection, also to later ones. Thread-safe.</summary>
internal sealed class FaultLane
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _stall;
    private long? _left;

    /// <summary>How long each piece waits before it goes on.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Bytes that passed.</summary>
    public long Passed { get; private set; }

    /// <summary>Holds everything back. The connections stay open, and nobody is told.</summary>
    public void Stall()
    {
        lock (_gate)
        {
            _stall ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Lets this many bytes pass and then breaks the connection on which the next one comes, wherever in a message that is.</summary>
    public void CutAfter(long bytes)
    {
        lock (_gate)
        {
            _left = bytes;
        }
    }

    /// <summary>Everything passes again, first of all what was held back.</summary>
    public void Heal()
    {
        lock (_gate)
        {
            Delay = TimeSpan.Zero;
            _left = null;
            _stall?.SetResult();
            _stall = null;
        }
    }

    /// <summary>Waits until a piece may pass and answers how many of its bytes may; the connection breaks behind a part.</summary>
    public async ValueTask<int> AdmitAsync(int length, CancellationToken cancellationToken)
    {
        while (Stalled() is { } stall)
        {
            await stall.WaitAsync(cancellationToken);
        }

        if (Delay is { Ticks: > 0 } delay)
        {
            await Task.Delay(delay, cancellationToken);
        }

        return Count(length);
    }

    private Task? Stalled()
    {
        lock (_gate)
        {
            return _stall?.Task;
        }
    }

    private int Count(int length)
    {
        lock (_gate)
        {
            var admitted = (int)Math.Min(length, _left ?? length);
            _left = admitted < length ? null : _left - admitted;
            Passed += admitted;
            return admitted;
        }
    }
}
