namespace Luminarys.Chaos;

/// <summary>
/// Five slaves, one for each kind of harm. The last one, and the master, get a twin at once: to refuse a twin takes a minute, and meanwhile the first
/// must serve as if nothing had happened.
/// </summary>
public sealed class CallCluster : SharedCluster
{
    private readonly CancellationTokenSource _enough = new();
    private Task _witness = Task.CompletedTask;

    internal override ClusterShape Shape { get; } = new() { Slaves = 5 };

    internal ChildProcess? SlaveTwin { get; private set; }

    internal ChildProcess? MasterTwin { get; private set; }

    /// <summary>Calls to the slave that has a twin.</summary>
    internal History Witnessed { get; } = new();

    /// <summary>Ends the calls to the slave that has a twin.</summary>
    public async Task EndWitnessAsync()
    {
        await _enough.CancelAsync();
        await _witness;
    }

    public override async ValueTask DisposeAsync()
    {
        await EndWitnessAsync();
        await base.DisposeAsync();
        _enough.Dispose();
    }

    private protected override void OnStarted(ChaosCluster cluster)
    {
        SlaveTwin = cluster.Slaves[4].StartTwin();
        MasterTwin = cluster.Master.StartTwin();
        _witness = WitnessAsync(cluster);
    }

    private async Task WitnessAsync(ChaosCluster cluster)
    {
        for (var number = 1; !_enough.IsCancellationRequested; number++)
        {
            var id = $"c-witness-{number}";
            await cluster.CallAsync(Witnessed, id, cluster.Slaves[4].Skills[0], "append", new { id }, id);
            await Task.Delay(100);
        }
    }
}
