namespace Luminarys.Chaos.Transfers;

/// <summary>One cluster for all tests of transfers. What a test left dead is started again.</summary>
[CollectionDefinition(Name)]
public sealed class SharedCopyCluster : IAsyncLifetime, ICollectionFixture<SharedCopyCluster>
{
    public const string Name = "transfers";

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
