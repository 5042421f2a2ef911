using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;

namespace Luminarys.Simulation;

/// <summary>
/// The bus server and the lines to it. Each connection keeps its order unless <see cref="IsUnordered"/>; between connections there is none. Messages
/// may be lost, doubled, late, or stopped in one direction.
/// </summary>
internal sealed class SimulatedNetwork(Scheduler scheduler)
{
    private static readonly Subjects s_subjects = new(new("sim"));
    private readonly HashSet<(NodeId From, NodeId To)> _cuts = [];
    private int _generation;

    /// <summary>Every process that was ever started and is not gone.</summary>
    public List<SimulatedProcess> Processes { get; } = [];

    public bool IsUp { get; private set; } = true;

    public double Loss { get; set; }

    public double Doubling { get; set; }

    /// <summary>Longest delay in seconds.</summary>
    public double Delay { get; set; } = 0.02;

    public bool IsUnordered { get; set; }

    public void Cut(NodeId from, NodeId to) => _cuts.Add((from, to));

    public void Heal() => _cuts.Clear();

    /// <summary>Stops or starts the server: what is on its way is lost.</summary>
    public void Switch(bool isUp)
    {
        if (IsUp == isUp)
        {
            return;
        }

        IsUp = isUp;
        _generation++;
        foreach (var process in Processes.ToList())
        {
            scheduler.After(scheduler.Between(0, 0.2), () => process.Run(process.BusChanged));
        }
    }

    public InvocationError Send(SimulatedProcess from, SimulatedBus line, string subject, string? replyTo, byte[] payload)
    {
        if (!IsUp || from.IsDead)
        {
            return InvocationError.BusDown;
        }

        var message = new BusMessage(subject, replyTo, payload, BusMessageKind.Data);
        var hasReceiver = false;
        foreach (var receiver in Receivers(subject))
        {
            hasReceiver = true;
            if (_cuts.Contains((from.Node, receiver.Node)))
            {
                continue;
            }

            if (!scheduler.Chance(Loss))
            {
                Deliver(line, receiver, message);
            }

            if (scheduler.Chance(Doubling))
            {
                var generation = _generation;
                scheduler.After(scheduler.Between(0, 5), () => Arrive(receiver, message, generation));
            }
        }

        if (!hasReceiver && replyTo is not null)
        {
            Deliver(line, from, new(replyTo, null, default, BusMessageKind.NoResponders));
        }

        return InvocationError.None;
    }

    private void Deliver(SimulatedBus line, SimulatedProcess receiver, BusMessage message)
    {
        var at = scheduler.Now + scheduler.Between(0.0005, Math.Max(Delay, receiver.Slowness));
        var last = line.LastArrivals.GetValueOrDefault(receiver);
        at = IsUnordered || at > last ? at : last;
        line.LastArrivals[receiver] = at;
        var generation = _generation;
        scheduler.After(at - scheduler.Now, () => Arrive(receiver, message, generation));
    }

    private void Arrive(SimulatedProcess receiver, BusMessage message, int generation)
    {
        if (generation == _generation)
        {
            receiver.Run(() => receiver.Take(message));
        }
    }

    private List<SimulatedProcess> Receivers(string subject)
    {
        if (!s_subjects.TryParse(subject, out var address))
        {
            throw new InvalidOperationException($"nobody could listen to '{subject}'");
        }

        var isPing = address.Area == 'i';
        return
        [
            .. Processes.Where(process => !process.IsDead && address.Area switch
            {
                'm' => process is SimulatedMaster,
                'b' => true,
                _ => process.Node == address.Node && (!isPing || subject.Contains(process.Instance.ToString(), StringComparison.Ordinal)),
            }),
        ];
    }
}
