using System.Collections.Frozen;
using System.Collections.Immutable;
using Luminarys.Permissions;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>Names of directories that a search does not enter.</summary>
internal sealed class IgnoredDirectories
{
    private static readonly FrozenSet<string> s_standard = FrozenSet.Create(
        ".git", ".hg", ".svn", "node_modules", "vendor", "target", "dist", "build", ".venv", "__pycache__", ".idea", ".vscode");

    private readonly IReadOnlySet<string> _names;

    /// <summary>The guest's list, which may be empty; null for the host's.</summary>
    public IgnoredDirectories(ImmutableArray<string>? names) => _names = names is { } given ? given.ToHashSet() : s_standard;

    /// <summary>Whether a directory is entered.</summary>
    public bool Allows(string path) => !_names.Contains(DirectoryPath.NameOf(path));
}
