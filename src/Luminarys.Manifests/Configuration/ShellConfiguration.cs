using System.Collections.Immutable;

namespace Luminarys.Manifests.Configuration;

/// <summary>Programs that skills may start (<c>shell</c>).</summary>
public sealed record ShellConfiguration
{
    /// <summary>Absolute directories in which a program without a slash is looked up, in order.</summary>
    public ImmutableArray<string> Path { get; init; } = ["/usr/local/bin", "/usr/bin", "/bin"];

    /// <summary>Fence around each program.</summary>
    public ShellIsolation Isolation { get; init; }
}
