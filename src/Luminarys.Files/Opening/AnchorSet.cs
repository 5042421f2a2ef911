using System.Collections.Immutable;
using Luminarys.Files.Native;
using Luminarys.Permissions;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Opening;

/// <summary>
/// The grants with their directories. A path is matched as the manifest writes the grants and as they are without links, so that a grant of a
/// link works by both names. Immutable; owns the handles.
/// </summary>
internal sealed class AnchorSet : IDisposable
{
    private readonly ImmutableArray<Anchor?> _anchors;

    public AnchorSet(ImmutableArray<DirectoryGrant> grants, IPathOpener opener, ICollection<string> warnings)
    {
        Grants = grants;
        var written = DirectoryRules.Compile(grants, warnings);
        FirstLiteral = grants.Select((grant, index) => grant.IsImplied ? null : written.PatternOf(index)).FirstOrDefault(pattern => pattern?.IsLiteral == true)?.LiteralPrefix;
        _anchors = [.. new AnchorOpener(grants, written, opener, warnings).OpenAll()];
        ImmutableArray<DirectoryGrant> canonical =
            [.. grants.Select((grant, index) => grant with { Pattern = CanonicalOf(written.PatternOf(index), _anchors[index], grant) })];
        Real = DirectoryRules.Compile(canonical, []);
        Requested = canonical.SequenceEqual(grants) ? written : DirectoryRules.Compile([.. grants, .. canonical], []);
    }

    public ImmutableArray<DirectoryGrant> Grants { get; }

    /// <summary>The grants without links, for the real paths of handles.</summary>
    public DirectoryRules Real { get; }

    /// <summary>The grants by every name, for paths that are asked for.</summary>
    public DirectoryRules Requested { get; }

    /// <summary>The first grant without pattern characters; null without one.</summary>
    public string? FirstLiteral { get; }

    /// <summary>The grant's directory; null when the grant is none.</summary>
    public Anchor? AnchorOf(int index) => _anchors[index % Grants.Length];

    /// <summary>From the anchor to the directory of a match.</summary>
    public (Anchor Anchor, string Tail) PlaceOf(DirectoryMatch match)
    {
        var anchor = AnchorOf(match.Index)!;
        return (anchor, anchor.TailTo(match.Root, isCanonical: match.Index >= Grants.Length));
    }

    /// <summary>A path below a match with the grant's links resolved; further links stay.</summary>
    public string CanonicalOf(DirectoryMatch match, string path)
    {
        var anchor = AnchorOf(match.Index)!;
        return DirectoryPath.Join(anchor.Canonical, DirectoryPath.RelativeTo(path, match.Index >= Grants.Length ? anchor.Canonical : anchor.Written));
    }

    public void Dispose()
    {
        foreach (var anchor in _anchors)
        {
            anchor?.Dispose();
        }
    }

    private static string CanonicalOf(DirectoryPattern? pattern, Anchor? anchor, DirectoryGrant grant) => pattern is null || anchor is null
        ? grant.Pattern
        : DirectoryPath.Join(DirectoryPattern.Escape(anchor.Canonical), pattern.Remainder);
}
