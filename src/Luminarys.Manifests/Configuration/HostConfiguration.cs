using System.Collections.Immutable;

namespace Luminarys.Manifests.Configuration;

/// <summary>Everything that one host is told, validated. Paths are absolute unless said otherwise.</summary>
/// <param name="Source">Configuration file as the operator named it; empty when there is none.</param>
/// <param name="Directory">Absolute directory of the file, or the working directory without one.</param>
public sealed record HostConfiguration(string Source, string Directory)
{
    /// <summary>HTTP server; null serves none. Always null on a slave.</summary>
    public HttpConfiguration? Http { get; init; }

    /// <summary>Execution of skills.</summary>
    public RuntimeConfiguration Runtime { get; init; } = new();

    /// <summary>Database of skill state; null keeps state in memory.</summary>
    public string? DatabasePath { get; init; }

    /// <summary>Log of the host.</summary>
    public LogConfiguration Log { get; init; } = new();

    /// <summary>Manifest files as named, globs replaced by their sorted matches. May be relative to the working directory.</summary>
    public ImmutableArray<string> Skills { get; init; } = [];

    /// <summary>MCP edge.</summary>
    public McpConfiguration Mcp { get; init; } = new();

    /// <summary>Whether an empty TCP allowlist reaches private addresses.</summary>
    public InternalNetworkRule NetworkInternal { get; init; }

    /// <summary>Programs.</summary>
    public ShellConfiguration Shell { get; init; } = new();

    /// <summary>File access.</summary>
    public FileSystemConfiguration FileSystem { get; init; } = new();

    /// <summary>Links inside archives.</summary>
    public ArchiveLinkRule ArchiveLinks { get; init; }

    /// <summary>Signing keys.</summary>
    public TrustConfiguration Trust { get; init; } = new();

    /// <summary>Cluster membership; null for a node on its own.</summary>
    public ClusterConfiguration? Cluster { get; init; }

    /// <summary>
    /// Variables for the substitution in manifests: the real environment over the <c>.env</c> files beside the configuration.
    /// Values may be secret. They are not passed on to skills or programs.
    /// </summary>
    public ImmutableDictionary<string, string> Variables { get; init; } = ImmutableDictionary<string, string>.Empty;
}
