using System.Collections.Immutable;
using Luminarys.Nodes;

namespace Luminarys.Manifests.Configuration;

/// <summary>Membership of a cluster (<c>cluster</c>). Its text form shows no address and no secret.</summary>
public sealed record ClusterConfiguration
{
    /// <summary>Cluster that this node belongs to.</summary>
    public required ClusterId ClusterId { get; init; }

    /// <summary>Name of this node.</summary>
    public required NodeId NodeId { get; init; }

    /// <summary>What this node does.</summary>
    public required NodeRole Role { get; init; }

    /// <summary>Bus servers: one URL, or several separated by commas. May carry credentials.</summary>
    public required string NatsUrl { get; init; }

    /// <summary>Credentials for the bus.</summary>
    public ClusterAuthentication Auth { get; init; } = new(null, null, null);

    /// <summary>Encryption of the bus.</summary>
    public ClusterTls Tls { get; init; } = new();

    /// <summary>Time between two signs of life.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Silence after which a node counts as gone; at least three times <see cref="HeartbeatInterval"/>.</summary>
    public TimeSpan NodeTtl { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Absolute directory of what this node must remember; null keeps the default.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>What happens to equal skill ids on several nodes.</summary>
    public DuplicateSkillRule Duplicates { get; init; }

    /// <summary>Whether tools are also listed under names that carry their node.</summary>
    public bool QualifiedTools { get; init; }

    /// <summary>Skill ids that a node may register, by node; a node that is not listed may register any.</summary>
    public ImmutableDictionary<NodeId, ImmutableArray<string>> Accept { get; init; } =
        ImmutableDictionary<NodeId, ImmutableArray<string>>.Empty;

    /// <summary>Fingerprints of node keys (SHA-256, 64 lower-case hexadecimal digits), by node.</summary>
    public ImmutableDictionary<NodeId, string> TrustedNodes { get; init; } = ImmutableDictionary<NodeId, string>.Empty;

    /// <summary>Absolute path of this node's private key; null for none.</summary>
    public string? NodeKeyFile { get; init; }

    /// <summary>Whether messages between nodes are signed and checked.</summary>
    public bool IsSigned => NodeKeyFile is not null && !TrustedNodes.IsEmpty;

    /// <summary>Whether remote skills must be signed with a known key.</summary>
    public bool RequireKnownKeys { get; init; }

    /// <summary>Standby master.</summary>
    public StandbyMode Ha { get; init; }

    /// <summary>Byte relay.</summary>
    public ClusterRelay Relay { get; init; } = new();

    /// <summary>Files that peers may reach.</summary>
    public ClusterFileTransfer FileTransfer { get; init; } = ClusterFileTransfer.None;

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(ClusterConfiguration)} {ClusterId}/{NodeId} ({Role})";
}
