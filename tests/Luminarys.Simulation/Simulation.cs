using System.Globalization;
using Luminarys.Cluster;
using Luminarys.Cluster.Slave;
using Luminarys.Nodes;

namespace Luminarys.Simulation;

/// <summary>One run: a cluster under faults that follow from the seed, checked after every step, and its recovery when the faults stop.</summary>
internal sealed class Simulation
{
    private static readonly TimeSpan s_faults = TimeSpan.FromSeconds(45);
    private readonly List<string> _trace = [];
    private readonly Dictionary<NodeId, SimulatedDisk> _disks = [];
    private readonly NodeId[] _slaves;
    private readonly NodeId[] _masters = [new("master-a"), new("master-b")];

    private Simulation(int seed, ClusterDefences defences)
    {
        (Scheduler, Defences) = (new(seed), defences);
        Network = new(Scheduler);
        History = new(Scheduler);
        Skills = new(Scheduler);
        Registries = new(Skills);
        _slaves = [.. Enumerable.Range(1, Scheduler.Random.Next(1, 6)).Select(number => new NodeId("slave-" + number))];
        foreach (var node in (NodeId[])[.. _masters, .. _slaves])
        {
            _disks[node] = new(hasDirectory: node.Value[0] == 'm' || Scheduler.Chance(0.8));
        }
    }

    public TimeSpan Interval { get; } = TimeSpan.FromSeconds(5);

    public TimeSpan Ttl { get; } = TimeSpan.FromSeconds(15);

    public Scheduler Scheduler { get; }

    public ClusterDefences Defences { get; }

    public SimulatedNetwork Network { get; }

    public CallHistory History { get; }

    public SkillCatalog Skills { get; }

    public RegistryHistory Registries { get; }

    /// <summary>Whether clients still begin calls.</summary>
    public bool IsCalling { get; private set; } = true;

    private IEnumerable<SimulatedSlave> Slaves => Network.Processes.OfType<SimulatedSlave>();

    private IEnumerable<SimulatedMaster> Masters => Network.Processes.OfType<SimulatedMaster>();

    /// <summary>Runs one seed.</summary>
    public static SimulationResult Run(int seed, ClusterDefences? defences = null)
    {
        var simulation = new Simulation(seed, defences ?? ClusterDefences.All);
        string? broken = null;
        try
        {
            simulation.Run();
        }
        catch (Violation violation)
        {
            broken = violation.Message;
            simulation.Trace("broken: " + broken);
        }

        return new(seed, broken, simulation.History.Answered, simulation.History.Executed, simulation._trace);
    }

    /// <summary>Writes down what happened, for the one who replays a seed.</summary>
    public void Trace(string text) => _trace.Add(Scheduler.Now.TotalSeconds.ToString("000.000 ", CultureInfo.InvariantCulture) + text);

    /// <summary>Does it on a process, if it lives.</summary>
    public void RunOn(InstanceId instance, Action action) => Network.Processes.FirstOrDefault(process => process.Instance == instance)?.Run(action);

    private void Run()
    {
        Start(_masters[0]);
        foreach (var slave in _slaves)
        {
            Scheduler.After(Scheduler.Between(0, 3), () => StartIfGone(slave));
        }

        Network.Loss = Scheduler.Chance(0.5) ? 0 : 0.05;
        Network.Doubling = Scheduler.Chance(0.5) ? 0 : Scheduler.Chance(0.5) ? 0.1 : 0.5;
        Network.IsUnordered = Scheduler.Chance(0.3);
        Network.Delay = Network.IsUnordered ? 1.5 : 0.02;
        if (Scheduler.Chance(0.2))
        {
            KeepBusy();
        }

        NextFault();
        Scheduler.RunUntil(s_faults, Check);
        StopFaults();

        // R-1: a time to live and two heartbeats.
        Scheduler.RunUntil(s_faults + Ttl + (2 * Interval), Check);
        CheckRecovery();
    }

    private void NextFault() => Scheduler.After(
        Scheduler.Between(0.5, 6),
        () =>
        {
            if (Scheduler.Now < s_faults - TimeSpan.FromSeconds(1))
            {
                Inject();
                NextFault();
            }
        });

    private void Inject()
    {
        var slave = _slaves[Scheduler.Random.Next(_slaves.Length)];
        var process = Slaves.FirstOrDefault(candidate => candidate.Node == slave);
        var master = Masters.FirstOrDefault();
        switch (Scheduler.Random.Next(14))
        {
            case 0 or 1: Crash(process, slave); break;
            case 2: Pause(process, 25); break;
            case 3: Pause(master, 25); break;
            case 4: Crash(master, _masters[0]); break;
            case 5: RestartBus(); break;
            case 6: Cut(slave); break;
            case 7 when process is not null:
                process.Slowness = process.Slowness > 0 ? 0 : 4;
                Trace($"{slave} has slowness {process.Slowness}");
                break;
            case 8: ChangeSkills(process); break;
            case 9: process?.Run(process.Stop); Restart(slave, 5); break;
            case 10: StartTwin(slave); break;
            case 11: StartOtherMaster(master); break;
            case 12 when process is not null: process.Time.WallStep += Scheduler.Between(-100_000, 100_000); break;
            default: Network.Delay = Scheduler.Chance(0.5) ? 0.02 : 1.5; break;
        }
    }

    private void ChangeSkills(SimulatedSlave? process)
    {
        for (var i = 0; process is not null && i < 4; i++)
        {
            Scheduler.After(Scheduler.Between(0, 3), () => process.Run(process.ChangeSkills));
        }
    }

    // Registries that change all the time.
    private void KeepBusy() => Scheduler.After(
        Scheduler.Between(0.2, 1),
        () =>
        {
            if (IsCalling)
            {
                var slave = Slaves.ElementAtOrDefault(Scheduler.Random.Next(_slaves.Length));
                slave?.Run(slave.ChangeSkills);
                KeepBusy();
            }
        });

    private void Crash(SimulatedProcess? process, NodeId node)
    {
        process?.Crash();
        if (Scheduler.Chance(0.3))
        {
            Trace($"{node} loses its state");
            _disks[node].Wipe();
        }

        Restart(node, 20);
    }

    private void Restart(NodeId node, double withinSeconds) => Scheduler.After(Scheduler.Between(0.1, withinSeconds), () => StartIfGone(node));

    private void Pause(SimulatedProcess? process, double longest)
    {
        if (process is null)
        {
            return;
        }

        process.Pause();
        Trace($"{process.Node} is paused");
        Scheduler.After(Scheduler.Between(0.5, longest), process.Resume);
    }

    private void RestartBus()
    {
        Trace("the bus stops");
        Network.Switch(isUp: false);
        Scheduler.After(Scheduler.Between(0.5, 20), () => Network.Switch(isUp: true));
    }

    private void Cut(NodeId slave)
    {
        var isInward = Scheduler.Chance(0.5);
        Trace($"{slave} hears {(isInward ? "nobody" : "all, but nobody hears it")}");
        foreach (var master in _masters)
        {
            Network.Cut(isInward ? master : slave, isInward ? slave : master);
        }

        Scheduler.After(Scheduler.Between(1, 25), Network.Heal);
    }

    private void StartTwin(NodeId node)
    {
        Trace($"a twin of {node} starts");
        var twin = new SimulatedSlave(this, node, new(hasDirectory: true) { Number = _disks[node].Number }, NewTime());
        Scheduler.After(
            Scheduler.Between(1, 15),
            () =>
            {
                if (IsCalling)
                {
                    twin.CrashIfAlive();
                }
            });
    }

    // Somebody thinks that the master is dead.
    private void StartOtherMaster(SimulatedMaster? master)
    {
        if (Masters.Count() < 2)
        {
            Pause(master, 20);
            var other = _masters.First(node => node != master?.Node);
            Scheduler.After(Scheduler.Between(0, 2), () => StartIfGone(other));
        }
    }

    private void StartIfGone(NodeId node)
    {
        if (Network.Processes.All(process => process.Node != node))
        {
            Start(node);
        }
    }

    private void Start(NodeId node)
    {
        Trace($"{node} starts");
        _ = node.Value[0] == 'm'
            ? (SimulatedProcess)new SimulatedMaster(this, node, _disks[node], NewTime())
            : new SimulatedSlave(this, node, _disks[node], NewTime());
    }

    private SimulatedTime NewTime() => new(Scheduler, Scheduler.Between(0, 1_000_000));

    private void StopFaults()
    {
        Trace("the faults stop");
        IsCalling = false;
        (Network.Loss, Network.Doubling, Network.Delay) = (0, 0, 0.02);
        Network.IsUnordered = false;
        Network.Heal();
        Network.Switch(isUp: true);
        foreach (var process in Network.Processes.ToList())
        {
            process.Slowness = 0;
            process.Resume();
        }

        foreach (var twins in Slaves.GroupBy(slave => slave.Node).ToList())
        {
            twins.SkipLast(1).ToList().ForEach(twin => twin.Crash());
        }

        if (!Masters.Any())
        {
            Start(_masters[0]);
        }

        foreach (var slave in _slaves)
        {
            StartIfGone(slave);
        }
    }

    private void Check()
    {
        foreach (var slave in Slaves)
        {
            slave.Check();
        }
    }

    private void CheckRecovery()
    {
        var masters = Masters.Where(candidate => candidate.IsHeld).ToList();
        Violation.Require(masters.Count == 1, $"R-6: {masters.Count} masters are in office");
        var master = masters[0];
        var nodes = master.Registry.Nodes.Where(node => node.Role == NodeRole.Slave).ToDictionary(node => node.Id);
        var live = Slaves.Where(slave => slave.State != SessionState.Draining).ToList();
        foreach (var slave in live)
        {
            Violation.Require(slave.State == SessionState.Serving, $"R-1: {slave.Node} is {slave.State} and does not serve");
            Violation.Require(
                nodes.GetValueOrDefault(slave.Node) is { } node && node.Instance == slave.Instance && node.Digest == slave.Skills.Digest,
                $"R-1: the master does not list what {slave.Node} offers");
            Violation.Require(
                slave.Registry.Version == master.Registry.Version && slave.Registry.Digest == master.Registry.Digest,
                $"R-1: {slave.Node} has registry {slave.Registry.Version}, the master {master.Registry.Version}");
        }

        Violation.Require(nodes.Count == live.Count, $"R-1: the master lists {nodes.Count} nodes, {live.Count} live");
        Violation.Require(master.Calls == 0 && History.Open == 0, $"C-1: {History.Open} calls have no answer");
    }
}
