namespace Luminarys.Chaos.Transfers;

/// <summary>One cluster for all tests of a class. What a failed test left dead is started again.</summary>
public sealed class SharedCopyCluster : IAsyncLifetime
{
    private CopyCluster? _cluster;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    internal async Task<CopyCluster> GetAsync()
    {
        _cluster ??= await CopyCluster.StartAsync();
        foreach (var part in (string[])[CopyCluster.Bus, CopyCluster.Relay, CopyCluster.Master, CopyCluster.Source, CopyCluster.Sink])
        {
            if (_cluster[part].HasExited)
            {
                _cluster.Start(part);
            }
        }

        await _cluster.WaitUntilReadyAsync();
        return _cluster;
    }
}
