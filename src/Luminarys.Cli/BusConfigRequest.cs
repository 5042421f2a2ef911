using System.Collections.Immutable;
using Luminarys.Nodes;

namespace Luminarys.Cli;

/// <summary>What the bus server's configuration is made for.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Nodes">Its nodes, the master first.</param>
internal sealed record BusConfigRequest(ClusterId Cluster, ImmutableArray<NodeId> Nodes)
{
    /// <summary>Name that operators' commands have on a bus with users.</summary>
    public static NodeId OperatorNode { get; } = new("op-cli");

    /// <summary>Whether operators' commands get a user too.</summary>
    public bool HasOperator { get; init; }

    /// <summary>Address that the server listens on.</summary>
    public string Listen { get; init; } = "0.0.0.0:4222";

    /// <summary>The server's certificate; null without TLS.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>Key of that certificate.</summary>
    public string? TlsKey { get; init; }

    /// <summary>Authority whose certificates nodes must show; null asks for none.</summary>
    public string? TlsAuthority { get; init; }
}
