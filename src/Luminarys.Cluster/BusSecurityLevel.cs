namespace Luminarys.Cluster;

/// <summary>How far the bus protects the nodes of a cluster from each other, as the node is configured. Each level has what the one before has.</summary>
public enum BusSecurityLevel
{
    /// <summary>No authentication: whoever reaches the bus may pose as any node.</summary>
    None,

    /// <summary>L0: one credential for all nodes. Outsiders are kept out; whoever holds it may read every message and pose as any node.</summary>
    SharedCredential,

    /// <summary>L1: a bus user for each node. The server keeps a node from posing as another and from reading what is not its own; whoever runs the server can still do both.</summary>
    NodeUsers,

    /// <summary>L2: messages are signed with node keys that the others know. Whoever runs the server can delay and drop them, not forge them.</summary>
    NodeKeys,
}
