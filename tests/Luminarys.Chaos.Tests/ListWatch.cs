namespace Luminarys.Chaos;

/// <summary>Looks at the list of tools again and again, and remembers every look at which a skill was missing.</summary>
internal sealed class ListWatch : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    private readonly ChaosCluster _cluster;
    private readonly IReadOnlyList<string> _wanted;
    private readonly CancellationTokenSource _enough = new();
    private readonly List<string> _missing = [];
    private readonly Task _looking;

    public ListWatch(ChaosCluster cluster)
    {
        _cluster = cluster;
        _wanted = [.. cluster.Skills];
        _looking = Task.Run(LookAsync);
    }

    /// <summary>Looks that the master answered.</summary>
    public int Looks { get; private set; }

    /// <summary>Ends it and answers every look at which something was missing.</summary>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        await _enough.CancelAsync();
        await _looking;
        return _missing;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _enough.Dispose();
    }

    private async Task LookAsync()
    {
        while (!_enough.IsCancellationRequested)
        {
            if (await _cluster.ListedAsync() is { } listed)
            {
                Looks++;
                if (_wanted.Except(listed).ToList() is { Count: > 0 } missing)
                {
                    _missing.Add($"{DateTime.UtcNow:HH:mm:ss.fff}: {missing.Count} missing, first {missing[0]}");
                }
            }

            await Task.Delay(s_pause);
        }
    }
}
