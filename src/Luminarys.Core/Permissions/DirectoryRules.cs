using System.Collections.Immutable;

namespace Luminarys.Permissions;

/// <summary>
/// Chooses the grant that decides about a path. Pure: it compares texts and asks no file system.
/// <list type="bullet">
/// <item>A grant reaches the directories that its pattern names and everything below them.</item>
/// <item>The most specific grant wins: the one whose directory lies deepest. At the same depth one without pattern characters wins, then read-write.</item>
/// <item>Where a pattern with <c>**</c> names several directories on one path, a read-only one counts at the deepest of them and a read-write one
/// at the first, so that a read-only grant nested in a read-write one stays read-only.</item>
/// </list>
/// Immutable and thread-safe.
/// </summary>
public sealed class DirectoryRules
{
    private readonly string _section;
    private readonly ImmutableArray<DirectoryGrant> _grants;
    private readonly ImmutableArray<DirectoryPattern?> _patterns;

    private DirectoryRules(string section, ImmutableArray<DirectoryGrant> grants, ImmutableArray<DirectoryPattern?> patterns) =>
        (_section, _grants, _patterns) = (section, grants, patterns);

    /// <summary>Reads the patterns; a pattern that is none goes to <paramref name="problems"/> and grants nothing.</summary>
    /// <param name="grants">The entries.</param>
    /// <param name="problems">Takes a line for each bad pattern.</param>
    /// <param name="section">Key of the manifest that holds the entries, for messages.</param>
    public static DirectoryRules Compile(ImmutableArray<DirectoryGrant> grants, ICollection<string> problems, string section = "permissions.fs.dirs")
    {
        ArgumentNullException.ThrowIfNull(problems);
        var patterns = ImmutableArray.CreateBuilder<DirectoryPattern?>(grants.Length);
        foreach (var grant in grants)
        {
            if (!DirectoryPattern.TryParse(grant.Pattern, out var pattern, out var fault))
            {
                problems.Add($"{section}: '{grant.Pattern}' {fault}; it grants nothing");
            }

            patterns.Add(pattern);
        }

        return new(section, grants, patterns.MoveToImmutable());
    }

    /// <summary>The pattern of a grant; null when its text is none.</summary>
    public DirectoryPattern? PatternOf(int index) => _patterns[index];

    /// <summary>The grant that decides about a normalized path; null when none reaches it.</summary>
    public DirectoryMatch? Find(string path)
    {
        DirectoryMatch? best = null;
        for (var index = 0; index < _patterns.Length; index++)
        {
            var grant = _grants[index];
            if (_patterns[index]?.FindRoot(path, deepest: grant.Mode == AccessMode.ReadOnly) is { } root)
            {
                var match = new DirectoryMatch(grant, index, root);
                best = best is { } other && !IsMoreSpecific(match, other) ? other : match;
            }
        }

        return best;
    }

    /// <summary>What the grants say about an act on a normalized path, with the manifest line that would allow it.</summary>
    public Verdict Judge(string path, AccessMode mode)
    {
        var match = Find(path);
        var remedy = $"{_section}: {DirectoryPattern.Escape(path)}:{Suffix(mode)}";
        return match is not { } found ? Verdict.Deny($"nothing in {_section} matches", remedy)
            : found.Allows(mode) ? Verdict.Allow(RuleOf(found.Grant))
            : Verdict.Deny(RuleOf(found.Grant), remedy);
    }

    /// <summary>Whether a path is itself a granted directory.</summary>
    public bool IsGrantedDirectory(string path) => _patterns.Any(pattern => pattern?.Names(path) == true);

    /// <summary>Whether a read-only grant without pattern characters lies below a path.</summary>
    public bool HoldsReadOnly(string path) => Below(path, literal: true);

    /// <summary>Whether a read-only grant with pattern characters could name something below a path.</summary>
    public bool MayHoldReadOnly(string path) => Below(path, literal: false);

    private bool Below(string path, bool literal)
    {
        for (var index = 0; index < _patterns.Length; index++)
        {
            if (_grants[index].Mode == AccessMode.ReadOnly && _patterns[index] is { } pattern && pattern.IsLiteral == literal
                && (DirectoryPath.IsWithin(pattern.LiteralPrefix, path) || (!literal && DirectoryPath.IsWithin(path, pattern.LiteralPrefix)))
                && (!literal || pattern.LiteralPrefix != path))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsMoreSpecific(DirectoryMatch match, DirectoryMatch other)
    {
        var difference = DepthOf(match.Root) - DepthOf(other.Root);
        if (difference != 0)
        {
            return difference > 0;
        }

        var (literal, otherLiteral) = (_patterns[match.Index]!.IsLiteral, _patterns[other.Index]!.IsLiteral);
        return literal != otherLiteral ? literal : match.Grant.Mode > other.Grant.Mode;
    }

    private static int DepthOf(string root) => root == "/" ? 0 : root.AsSpan().Count('/');

    private string RuleOf(DirectoryGrant grant) => $"{_section}: {grant.Pattern}:{Suffix(grant.Mode)}";

    private static string Suffix(AccessMode mode) => mode == AccessMode.ReadWrite ? "rw" : "ro";
}
