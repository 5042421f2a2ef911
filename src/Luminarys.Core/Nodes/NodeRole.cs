namespace Luminarys.Nodes;

/// <summary>What a node does in its cluster.</summary>
public enum NodeRole
{
    /// <summary>Serves the edge and owns the registry. One per cluster.</summary>
    Master,

    /// <summary>Runs skills and serves no client.</summary>
    Slave,
}
