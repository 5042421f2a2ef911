namespace Luminarys.Chaos;

/// <summary>
/// Does one kind of harm after another, each kind once before any comes again, in an order and with sizes that follow from the seed. Each ends
/// healed: what was killed runs again.
/// </summary>
internal sealed class FaultDeck(ChaosCluster cluster, History history, int seed)
{
    private readonly Random _dice = new(seed);
    private readonly List<string> _done = [];

    /// <summary>What was done, and when.</summary>
    public IReadOnlyList<string> Done => _done;

    public async Task RunAsync(CancellationToken enough)
    {
        (string Name, Func<Task> Act)[] deck =
        [
            ("kill a slave", () => KillSlaveAsync(cluster.Slaves[_dice.Next(cluster.Slaves.Count)])),
            ("kill another slave", () => KillSlaveAsync(cluster.Slaves[_dice.Next(cluster.Slaves.Count)])),
            ("freeze a slave", FreezeSlaveAsync),
            ("freeze the master", FreezeMasterAsync),
            ("kill the master", KillMasterAsync),
            ("restart the bus", RestartBusAsync),
            ("freeze the bus", FreezeBusAsync),
            ("stall to the server", () => HarmAsync(proxy => proxy.ToServer.Stall(), 500, 7_000)),
            ("stall to a node", () => HarmAsync(proxy => proxy.ToNode.Stall(), 500, 7_000)),
            ("cut", () => HarmAsync(proxy => proxy.Cut(), 1, 1_000)),
            ("cut and refuse", () => HarmAsync(Refuse, 500, 4_000)),
            ("break in a message to the server", () => HarmAsync(proxy => proxy.ToServer.CutAfter(_dice.Next(1, 2_000)), 500, 2_000)),
            ("break in a message to a node", () => HarmAsync(proxy => proxy.ToNode.CutAfter(_dice.Next(1, 2_000)), 500, 2_000)),
            ("delay", () => HarmAsync(Delay, 1_000, 4_000)),
        ];
        while (true)
        {
            _dice.Shuffle(deck);
            foreach (var (name, act) in deck)
            {
                if (enough.IsCancellationRequested)
                {
                    return;
                }

                _done.Add($"{history.Now.TotalSeconds:F1} s: {name}");
                await act();
                await PauseAsync(300, 1_500);
                StartEnded();
            }
        }
    }

    /// <summary>What a service manager does: a slave that gave up, because it found no bus when it started, is started again.</summary>
    public void StartEnded()
    {
        foreach (var slave in cluster.Slaves.Where(slave => slave.Process.HasExited))
        {
            _done.Add($"{history.Now.TotalSeconds:F1} s: {slave.Name} had ended by itself and was started again: {slave.Process.Output.TrimEnd().Split('\n')[^1]}");
            slave.Start();
        }
    }

    private static void Refuse(FaultProxy proxy)
    {
        proxy.IsClosed = true;
        proxy.Cut();
    }

    private void Delay(FaultProxy proxy) => proxy.ToNode.Delay = proxy.ToServer.Delay = TimeSpan.FromMilliseconds(_dice.Next(5, 60));

    private async Task HarmAsync(Action<FaultProxy> harm, int leastMs, int mostMs)
    {
        var nodes = cluster.Nodes.ToList();
        var proxy = nodes[_dice.Next(nodes.Count)].Proxy;
        harm(proxy);
        await PauseAsync(leastMs, mostMs);
        proxy.Heal();
    }

    private async Task KillSlaveAsync(ChaosNode slave)
    {
        await slave.KillAsync();
        await PauseAsync(10, 2_000);
        slave.Start();
    }

    private async Task FreezeSlaveAsync()
    {
        var slave = cluster.Slaves[_dice.Next(cluster.Slaves.Count)];
        slave.Process.Pause();
        await PauseAsync(500, 8_000);
        slave.Process.Resume();
    }

    private async Task FreezeMasterAsync()
    {
        var from = history.Now;
        cluster.Master.Process.Pause();
        await PauseAsync(500, 4_000);
        cluster.Master.Process.Resume();
        history.AddPause(from, history.Now);
    }

    private async Task KillMasterAsync()
    {
        var from = history.Now;
        await cluster.Master.KillAsync();
        await PauseAsync(10, 1_000);
        cluster.Master.Start();
        await Eventually.HoldsAsync("the new master answers", ChaosCluster.StartLimit, async () => await cluster.ListedAsync() is not null, () => cluster.Logs);
        history.AddOutage(from, history.Now);
    }

    private async Task RestartBusAsync()
    {
        await cluster.StopBusAsync();
        await PauseAsync(10, 2_000);
        cluster.RestartBus();
    }

    private async Task FreezeBusAsync()
    {
        cluster.PauseBus();
        await PauseAsync(500, 6_000);
        cluster.ResumeBus();
    }

    private Task PauseAsync(int leastMs, int mostMs) => Task.Delay(_dice.Next(leastMs, mostMs));
}
