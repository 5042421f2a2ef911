using System.Collections.Immutable;
using Luminarys.Ports;

namespace Luminarys.Cluster;

/// <summary>Settings of a master. Read once, when the node is built.</summary>
public sealed class MasterOptions
{
    /// <summary>Cluster to serve: 1 to 63 letters, digits, <c>_</c> or <c>-</c>.</summary>
    public string ClusterId { get; set; } = "default";

    /// <summary>Name of this node in the cluster; same alphabet.</summary>
    public string NodeId { get; set; } = "master";

    /// <summary>How often slaves confirm that they live, and how often the master's beacon is sent. 50 ms to 60 s.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A node that is silent for this long is gone. At least three heartbeat intervals.</summary>
    public TimeSpan NodeTtl { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Directory that keeps incarnation, epoch and name ownership over a restart; null keeps nothing.</summary>
    public string? StateDirectory { get; set; }

    /// <summary>How long a call that was sent may stay without any answer of its node. 500 ms to 60 s.</summary>
    public TimeSpan AcknowledgementWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an acknowledged call may stay without a sign of life of its node. 6 s to 10 min: nodes give one every 5 s.</summary>
    public TimeSpan SilenceLimit { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a starting master listens for slaves that remember a higher epoch. 1 ms to 10 s.</summary>
    public TimeSpan EpochProbeWait { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Files on their way to and from other nodes.</summary>
    public TransferOptions Transfers { get; } = new();

    /// <summary>Whether the node is on its own: its skills are told that there is no cluster.</summary>
    public bool IsStandalone { get; set; }

    /// <summary>What happens to a skill id that several nodes offer.</summary>
    public DuplicateRule Duplicates { get; set; }

    /// <summary>Skill ids, or patterns of them, that a node may offer; a node that is not listed may offer any.</summary>
    public IReadOnlyDictionary<Nodes.NodeId, ImmutableArray<string>> Accept { get; set; } = ImmutableDictionary<Nodes.NodeId, ImmutableArray<string>>.Empty;

    /// <summary>Whether skills of other nodes must be signed with a key that an <see cref="ISignerTrust"/> of this node trusts.</summary>
    public bool RequireKnownKeys { get; set; }

    /// <summary>How far the bus protects nodes from each other; logged at start.</summary>
    public BusSecurityLevel BusSecurity { get; set; }

    /// <summary>How long running calls may take to finish when the node stops. Up to 300 s.</summary>
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>
    /// Private key of this node, a PEM file of <c>luminarys node-key</c>. With it every message is signed, and one that is not signed by a node of
    /// <see cref="TrustedNodes"/> changes nothing. Null signs and checks nothing.
    /// </summary>
    public string? NodeKeyFile { get; set; }

    /// <summary>Fingerprints of the keys of the nodes to talk to, by node id: SHA-256, 64 hexadecimal digits. Goes together with <see cref="NodeKeyFile"/>.</summary>
    public IDictionary<string, string> TrustedNodes { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether messages are signed and checked.</summary>
    public bool IsSigned => NodeKeyFile is not null;

    /// <summary>Defences; a test turns one off.</summary>
    internal ClusterDefences Defences { get; set; } = ClusterDefences.All;
}
