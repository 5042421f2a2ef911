namespace Luminarys.Chaos;

/// <summary>A cluster for all tests of a class, started by the first one that asks for it.</summary>
public abstract class SharedCluster : IAsyncLifetime
{
    private readonly SemaphoreSlim _starting = new(1);
    private ChaosCluster? _cluster;

    internal abstract ClusterShape Shape { get; }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        _starting.Dispose();
    }

    internal async Task<ChaosCluster> GetAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_cluster is null)
            {
                _cluster = await ChaosCluster.StartAsync(Shape);
                OnStarted(_cluster);
            }
        }
        finally
        {
            _starting.Release();
        }

        await _cluster.WaitForSkillsAsync(_cluster.Skills, ChaosCluster.StartLimit);
        return _cluster;
    }

    private protected virtual void OnStarted(ChaosCluster cluster)
    {
    }
}
