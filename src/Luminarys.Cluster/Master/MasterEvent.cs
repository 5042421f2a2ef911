using Luminarys.Cluster.Membership;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Master;

/// <summary>Something that concerns the master's membership state.</summary>
/// <param name="Sender">Who caused it.</param>
/// <param name="Request">Where and under which id to answer.</param>
/// <param name="Body">The decoded message.</param>
internal sealed record MasterEvent(Sender Sender, RequestRef Request, object Body)
{
    /// <summary>Set when the event is the end of a probe: the process that was probed.</summary>
    public InstanceId? Probed { get; init; }

    /// <summary>Whether the probed process answered.</summary>
    public bool IsAlive { get; init; }
}
