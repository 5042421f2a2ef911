namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>The end of one piece of work: its own time limit, or the end of the skill's call.</summary>
internal sealed class TimeLimit : IDisposable
{
    public static readonly TimeSpan Standard = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(300);

    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _both;
    private readonly TimeSpan _limit;

    /// <summary>Begins to run.</summary>
    /// <param name="call">The skill's call.</param>
    /// <param name="requestedMs">What the skill asks for; 0 or less for the default.</param>
    public TimeLimit(HostCall call, long requestedMs)
    {
        _limit = call.Limit(requestedMs, Standard, Longest);
        _timer = new CancellationTokenSource(_limit, call.Time);
        _both = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, _timer.Token);
    }

    public CancellationToken Token => _both.Token;

    /// <summary>Whether the limit itself has passed.</summary>
    public bool HasPassed => _timer.IsCancellationRequested;

    /// <summary>For the guest, after the token fired.</summary>
    public string Text => HasPassed ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"timeout after {_limit.TotalMilliseconds:0} ms") : "cancelled";

    public void Dispose()
    {
        _both.Dispose();
        _timer.Dispose();
    }
}
