using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Files.Tests.Model;

/// <summary>
/// What the grants mean, written down slowly: links are followed one by one on a tree that nobody else changes, and every grant is tried on every
/// part of a path.
/// </summary>
internal sealed class ModelFiles(IReadOnlyList<ModelGrant> grants)
{
    private const int MaxLinks = 40;

    /// <summary>What may be done with a path by its text alone; null for nothing.</summary>
    public AccessMode? ModeOf(string path) => Select(Split(path))?.Grant.Mode;

    /// <summary>Where a path leads, or why nowhere.</summary>
    public (string? RealPath, FileError? Error) Resolve(string path, AccessMode mode)
    {
        var segments = Split(path);
        if (Select(segments) is not { } selected || selected.Grant.Mode < mode)
        {
            return (null, FileError.Denied);
        }

        if (CheckRoot(segments[..selected.Depth]) is { } unreachable)
        {
            return (null, unreachable);
        }

        var (real, error) = Follow([.. segments[..selected.Depth]], new Stack<string>(segments[selected.Depth..].Reverse()));
        return error is null && !(ModeOf(real) >= mode) ? (null, FileError.Denied) : (real, error);
    }

    // Up to the granted directory no link is followed.
    private static FileError? CheckRoot(string[] root)
    {
        for (var depth = 1; depth <= root.Length; depth++)
        {
            var here = Join(root[..depth]);
            if (new FileInfo(here).LinkTarget is not null)
            {
                return FileError.Denied;
            }

            if (!Path.Exists(here) || (depth < root.Length && File.Exists(here)))
            {
                return FileError.NotFound;
            }
        }

        return null;
    }

    private static (string Real, FileError? Error) Follow(string[] root, Stack<string> rest)
    {
        var current = root.ToList();
        for (var links = 0; rest.TryPop(out var segment);)
        {
            var here = Join(current);
            if (File.Exists(here))
            {
                return (here, FileError.NotDirectory);
            }

            if (segment == "..")
            {
                if (current.Count == root.Length)
                {
                    return (here, FileError.Denied);
                }

                current.RemoveAt(current.Count - 1);
                continue;
            }

            current.Add(segment);
            if (new FileInfo(Join(current)).LinkTarget is { } target)
            {
                if (target.StartsWith('/') || ++links > MaxLinks)
                {
                    return (here, FileError.Denied);
                }

                current.RemoveAt(current.Count - 1);
                foreach (var step in target.Split('/').Reverse())
                {
                    rest.Push(step);
                }
            }
            else if (!Path.Exists(Join(current)))
            {
                return (here, FileError.NotFound);
            }
        }

        return (Join(current), Path.Exists(Join(current)) ? null : FileError.NotFound);
    }

    private (ModelGrant Grant, int Depth)? Select(string[] path) => grants
        .Select(grant => (Grant: grant, Depth: grant.DepthFor(path)))
        .Where(candidate => candidate.Depth is not null)
        .OrderByDescending(candidate => (candidate.Depth, candidate.Grant.IsLiteral, candidate.Grant.Mode))
        .Select(candidate => ((ModelGrant, int)?)(candidate.Grant, candidate.Depth!.Value))
        .FirstOrDefault();

    private static string[] Split(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static string Join(IEnumerable<string> segments) => "/" + string.Join('/', segments);
}
