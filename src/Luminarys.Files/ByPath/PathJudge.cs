using System.Collections.Immutable;
using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Files.ByPath;

/// <summary>Judges a path by its text and by where its links lead now. Whoever changes links afterwards leads the act elsewhere.</summary>
internal sealed class PathJudge
{
    private const int MaxLinks = 40;
    private readonly DirectoryRules _real;

    public PathJudge(ImmutableArray<DirectoryGrant> grants, ICollection<string> warnings)
    {
        Requested = DirectoryRules.Compile(grants, warnings);
        _real = DirectoryRules.Compile([.. grants.Select((grant, index) => grant with { Pattern = CanonicalOf(index, grant) })], []);
    }

    /// <summary>The grants as they were written.</summary>
    public DirectoryRules Requested { get; }

    /// <summary>The real path of a path that may be used.</summary>
    public FileResult<string> Judge(string path, AccessMode mode, bool isLastFollowed = true)
    {
        if (!DirectoryPath.TryNormalize(path, out var normalized, out var why))
        {
            return FileFaultMap.Invalid(path, why);
        }

        if (!Requested.Judge(normalized, mode).IsAllowed && !_real.Judge(normalized, mode).IsAllowed)
        {
            return FileFaultMap.Denied(path, Requested.Judge(normalized, mode));
        }

        var real = isLastFollowed
            ? RealPathOf(normalized)
            : DirectoryPath.Join(RealPathOf(DirectoryPath.ParentOf(normalized)) ?? "/", DirectoryPath.NameOf(normalized));
        return real is null ? FileFaultMap.Denied(path, "too many links")
            : _real.Judge(real, mode) is { IsAllowed: false } verdict ? FileFaultMap.Denied(path, verdict)
            : real;
    }

    /// <summary>Whether removing a directory would remove a grant.</summary>
    public bool Keeps(string path) => Both(rules => rules.IsGrantedDirectory(path) || rules.HoldsReadOnly(path) || rules.MayHoldReadOnly(path));

    private bool Both(Func<DirectoryRules, bool> test) => test(Requested) || test(_real);

    private string CanonicalOf(int index, DirectoryGrant grant) => Requested.PatternOf(index) is { } pattern
        ? DirectoryPath.Join(DirectoryPattern.Escape(RealPathOf(pattern.LiteralPrefix) ?? pattern.LiteralPrefix), pattern.Remainder)
        : grant.Pattern;

    private static string? RealPathOf(string path)
    {
        var rest = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var current = "/";
        for (var links = 0; rest.TryPop(out var segment);)
        {
            if (segment is "." or "..")
            {
                current = segment == "." ? current : DirectoryPath.ParentOf(current);
                continue;
            }

            var next = DirectoryPath.Join(current, segment);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                return null;
            }

            current = target.StartsWith('/') ? "/" : current;
            foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                rest.Push(step);
            }
        }

        return current;
    }
}
