using System.Collections.Immutable;
using Luminarys.Permissions;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>
/// What a skill wants left out: patterns with commas between them. One without a slash matches a name at any depth, one with a slash a path from
/// the archive's root; what matches is left out with everything below it.
/// </summary>
internal sealed class ExcludeList
{
    private const int MaxLength = 16 * 1024;
    private const int MaxPatterns = 256;

    private readonly ImmutableArray<Glob> _names;
    private readonly ImmutableArray<Glob> _paths;

    private ExcludeList(ImmutableArray<Glob> names, ImmutableArray<Glob> paths) => (_names, _paths) = (names, paths);

    /// <summary>Reads the list.</summary>
    /// <exception cref="ArchiveException">A pattern is wrong, or there are too many.</exception>
    public static ExcludeList Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new ArchiveException($"invalid argument: exclude: is longer than {MaxLength} characters");
        }

        var names = ImmutableArray.CreateBuilder<Glob>();
        var paths = ImmutableArray.CreateBuilder<Glob>();
        foreach (var pattern in Split(text).Select(Trim).Where(pattern => pattern.Length > 0))
        {
            if (!Glob.TryParse(pattern, ignoreCase: false, out var glob, out var fault))
            {
                throw new ArchiveException($"invalid argument: exclude: '{pattern}' {fault}");
            }

            (pattern.Contains('/', StringComparison.Ordinal) ? paths : names).Add(glob);
        }

        return names.Count + paths.Count <= MaxPatterns
            ? new ExcludeList(names.ToImmutable(), paths.ToImmutable())
            : throw new ArchiveException($"invalid argument: exclude: has more than {MaxPatterns} patterns");
    }

    /// <summary>Whether a path, or a directory above it, is left out.</summary>
    public bool Covers(string path)
    {
        if (_names.IsEmpty && _paths.IsEmpty)
        {
            return false;
        }

        var start = 0;
        for (var end = 0; end <= path.Length; end++)
        {
            if (end == path.Length || path[end] == '/')
            {
                if (CoversExactly(path.AsSpan(0, end), path.AsSpan(start, end - start)))
                {
                    return true;
                }

                start = end + 1;
            }
        }

        return false;
    }

    private bool CoversExactly(ReadOnlySpan<char> path, ReadOnlySpan<char> name)
    {
        foreach (var glob in _names)
        {
            if (glob.IsMatch(name))
            {
                return true;
            }
        }

        foreach (var glob in _paths)
        {
            if (glob.IsMatch(path))
            {
                return true;
            }
        }

        return false;
    }

    // A comma inside braces belongs to the pattern.
    private static IEnumerable<string> Split(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\':
                    i++;
                    break;
                case '{':
                    depth++;
                    break;
                case '}':
                    depth--;
                    break;
                case ',' when depth <= 0:
                    yield return text[start..i];
                    start = i + 1;
                    break;
            }
        }

        yield return text[start..];
    }

    private static string Trim(string pattern)
    {
        pattern = pattern.Trim().TrimEnd('/');
        return pattern.StartsWith("./", StringComparison.Ordinal) ? pattern[2..] : pattern.StartsWith('/') ? pattern[1..] : pattern;
    }
}
