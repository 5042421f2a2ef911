using Luminarys.Nodes;
using Luminarys.Transfers;

namespace Luminarys.Transport.Tcp.Relay;

/// <summary>
/// Who waits, who is paired, and which tickets were used. A ticket is taken once for (transfer, attempt, role); a later attempt replaces what an
/// earlier one left behind, so that a node that reconnects never waits for its own ghost. Thread-safe.
/// </summary>
internal sealed class PairingTable(RelayServerOptions options, TimeProvider time)
{
    private static readonly TimeSpan s_memory = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly Dictionary<(UInt128 Cluster, UInt128 Transfer), UsedTickets> _used = [];
    private readonly Dictionary<(UInt128 Cluster, UInt128 Transfer), RelaySide> _waiting = [];
    private readonly List<(RelaySide First, RelaySide Second)> _pairs = [];
    private readonly Dictionary<(UInt128 Cluster, NodeId Node), int> _perNode = [];
    private DateTimeOffset _swept = time.GetUtcNow();

    /// <summary>Pairs at the moment.</summary>
    public int Pairs
    {
        get
        {
            lock (_gate)
            {
                return _pairs.Count;
            }
        }
    }

    /// <summary>
    /// Takes a side in: it waits, or is paired at once with the one that waited for it. Answers why it does neither. Whoever is taken in must
    /// <see cref="Leave"/>.
    /// </summary>
    public RelayRejection? Join(RelaySide side)
    {
        var ticket = side.Ticket;
        List<RelaySide> replaced = [];
        lock (_gate)
        {
            Sweep();
            if (!TryUse(ticket))
            {
                return RelayRejection.Denied;
            }

            var node = (ticket.Cluster, ticket.Node);
            if (_perNode.GetValueOrDefault(node) >= options.MaxPerNode)
            {
                return RelayRejection.Busy;
            }

            if (_waiting.TryGetValue((ticket.Cluster, ticket.Transfer), out var other))
            {
                if (other.Ticket.Attempt == ticket.Attempt && other.Ticket.Role != ticket.Role && _pairs.Count >= options.MaxPairs)
                {
                    return RelayRejection.Busy;
                }

                _waiting.Remove((ticket.Cluster, ticket.Transfer));
                if (other.Ticket.Attempt == ticket.Attempt && other.Ticket.Role != ticket.Role && other.TryPair(side))
                {
                    side.TryPair(other);
                    _pairs.Add((other, side));
                    _perNode[node] = _perNode.GetValueOrDefault(node) + 1;
                    return null;
                }

                replaced.Add(other);
            }

            if (_waiting.Count >= options.MaxWaiting)
            {
                return RelayRejection.Busy;
            }

            replaced.AddRange(FindOlderPairs(ticket));
            _waiting[(ticket.Cluster, ticket.Transfer)] = side;
            _perNode[node] = _perNode.GetValueOrDefault(node) + 1;
        }

        // Outside the gate: whoever is replaced leaves at once.
        replaced.ForEach(older => older.Replace());
        return null;
    }

    /// <summary>Forgets a side.</summary>
    public void Leave(RelaySide side)
    {
        var ticket = side.Ticket;
        lock (_gate)
        {
            if (_waiting.TryGetValue((ticket.Cluster, ticket.Transfer), out var waiting) && waiting == side)
            {
                _waiting.Remove((ticket.Cluster, ticket.Transfer));
            }

            _pairs.RemoveAll(pair => pair.First == side || pair.Second == side);
            var node = (ticket.Cluster, ticket.Node);
            if (--_perNode[node] == 0)
            {
                _perNode.Remove(node);
            }
        }
    }

    // Under the gate. Each role of the latest attempt once, and nothing of earlier ones: what comes late must not end what came after it.
    private bool TryUse(RelayTicket ticket)
    {
        var key = (ticket.Cluster, ticket.Transfer);
        var role = 1 << (int)ticket.Role;
        var used = _used.GetValueOrDefault(key);
        if (ticket.Attempt < used.Attempt || (ticket.Attempt == used.Attempt && (used.Roles & role) != 0))
        {
            return false;
        }

        var notAfter = ticket.NotAfter + s_memory;
        _used[key] = new(ticket.Attempt, ticket.Attempt == used.Attempt ? used.Roles | role : role, notAfter > used.NotAfter ? notAfter : used.NotAfter);
        return true;
    }

    // Under the gate.
    private IEnumerable<RelaySide> FindOlderPairs(RelayTicket ticket) => _pairs
        .Where(pair => pair.First.Ticket.Cluster == ticket.Cluster && pair.First.Ticket.Transfer == ticket.Transfer && pair.First.Ticket.Attempt < ticket.Attempt)
        .SelectMany(pair => new[] { pair.First, pair.Second });

    // Under the gate, at most once a second.
    private void Sweep()
    {
        var now = time.GetUtcNow();
        if (now - _swept < TimeSpan.FromSeconds(1))
        {
            return;
        }

        _swept = now;
        foreach (var (key, used) in _used)
        {
            if (used.NotAfter <= now)
            {
                _used.Remove(key);
            }
        }
    }

    private readonly record struct UsedTickets(uint Attempt, int Roles, DateTimeOffset NotAfter);
}
