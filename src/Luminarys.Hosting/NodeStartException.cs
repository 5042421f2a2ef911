using Luminarys.Cluster;

namespace Luminarys.Hosting;

/// <summary>The node could not start: the only way to tell the generic host.</summary>
/// <param name="fault">Why.</param>
public sealed class NodeStartException(NodeFault fault) : Exception(fault?.Message)
{
    /// <summary>Why the node could not start.</summary>
    public NodeFault Fault { get; } = fault ?? throw new ArgumentNullException(nameof(fault));
}
