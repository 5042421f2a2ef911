namespace Luminarys.Cluster;

/// <summary>Settings of a slave. Read once, when the node is built.</summary>
public sealed class SlaveOptions
{
    /// <summary>Cluster to join: 1 to 63 letters, digits, <c>_</c> or <c>-</c>.</summary>
    public string ClusterId { get; set; } = "default";

    /// <summary>Name of this node, unique in the cluster; same alphabet. Required.</summary>
    public string NodeId { get; set; } = "";

    /// <summary>How often the node asks its master for confirmation. The shorter of this and the master's value counts. 50 ms to 60 s.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Without confirmation for this long the node takes no new call. The shorter of this and the master's value counts. At least three heartbeat intervals.</summary>
    public TimeSpan NodeTtl { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Directory that keeps the incarnation over a restart; null takes the incarnation from the wall clock.</summary>
    public string? StateDirectory { get; set; }

    /// <summary>How often a node whose id is in use by another living process asks again. 10 ms to 1 min.</summary>
    public TimeSpan NodeIdRetryInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a node whose id is in use by another living process goes on asking before it gives up. Up to 1 h.</summary>
    public TimeSpan NodeIdRetryLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How far the bus protects nodes from each other; logged at start.</summary>
    public BusSecurityLevel BusSecurity { get; set; }

    /// <summary>Calls that may run at once; more are refused as busy. 1 to 65536.</summary>
    public int MaxConcurrentCalls { get; set; } = 64;

    /// <summary>Files on their way to and from other nodes.</summary>
    public TransferOptions Transfers { get; } = new();

    /// <summary>How long running calls may take to finish when the node stops; then they are cancelled. Up to 300 s.</summary>
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>
    /// Private key of this node, a PEM file of <c>luminarys node-key</c>. With it every message is signed, and one that is not signed by a node of
    /// <see cref="TrustedNodes"/> changes nothing. Null signs and checks nothing.
    /// </summary>
    public string? NodeKeyFile { get; set; }

    /// <summary>Fingerprints of the keys of the nodes to talk to, by node id: SHA-256, 64 hexadecimal digits. Goes together with <see cref="NodeKeyFile"/>. A slave obeys every node that it trusts: name masters only.</summary>
    public IDictionary<string, string> TrustedNodes { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether messages are signed and checked.</summary>
    public bool IsSigned => NodeKeyFile is not null;

    /// <summary>Which defences are on, for tests that turn one off. No configuration reaches it.</summary>
    internal ClusterDefences Defences { get; set; } = ClusterDefences.All;
}
