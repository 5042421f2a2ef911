using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Luminarys.Permissions;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>Patterns of which a path needs to match one.</summary>
internal sealed class PathPatternSet
{
    private const int MaxLength = 1024;
    private const int MaxAlternatives = 1024;

    private readonly List<PathPattern> _patterns = [];
    private readonly Dictionary<string, PathSegment> _segments = [];
    private readonly string _start;
    private readonly bool _matchesHidden;
    private int _alternatives;

    private PathPatternSet(string start, bool matchesHidden) => (_start, _matchesHidden) = (start, matchesHidden);

    /// <summary>Levels below the start at which something can match.</summary>
    public int Depth => _patterns.Count == 0 ? 0 : _patterns.Max(pattern => pattern.Depth);

    /// <summary>Reads patterns, or answers what the guest is told.</summary>
    /// <param name="patterns">Relative to the start; an absolute one counts when it lies below.</param>
    /// <param name="start">The directory in which the search begins.</param>
    /// <param name="matchesHidden">Whether names that begin with a dot match like others.</param>
    /// <param name="set">The result.</param>
    /// <param name="fault">Why there is none.</param>
    public static bool TryParse(
        ImmutableArray<string> patterns, string start, bool matchesHidden, [NotNullWhen(true)] out PathPatternSet? set, [NotNullWhen(false)] out string? fault)
    {
        set = new(start, matchesHidden);
        fault = null;
        foreach (var pattern in patterns)
        {
            if (set.Add(pattern) is { } wrong)
            {
                fault = $"invalid argument: patterns: '{(pattern.Length > MaxLength ? pattern[..MaxLength] : pattern)}' {wrong}";
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a path from the start matches.</summary>
    public bool IsMatch(string path) => _patterns.Exists(pattern => pattern.IsMatch(path));

    /// <summary>Whether something below a directory can match.</summary>
    public bool Enters(string path) => _patterns.Exists(pattern => pattern.Enters(path));

    private string? Add(string pattern)
    {
        if (pattern.Length > MaxLength)
        {
            return $"is longer than {MaxLength} characters";
        }

        if (!Glob.TryExpand(pattern, out var alternatives, out var fault))
        {
            return fault;
        }

        _alternatives += alternatives.Length;
        return _alternatives > MaxAlternatives
            ? $"is one too many: the patterns stand for more than {MaxAlternatives} alternatives"
            : alternatives.Select(AddAlternative).FirstOrDefault(wrong => wrong is not null);
    }

    private string? AddAlternative(string text)
    {
        if (text.StartsWith('/'))
        {
            if (!DirectoryPath.IsWithin(text, _start))
            {
                return null;
            }

            text = DirectoryPath.RelativeTo(text, _start);
        }

        var segments = ImmutableArray.CreateBuilder<PathSegment>();
        foreach (var name in text.Split('/').Where(name => name.Length > 0 && name != "."))
        {
            if (!_segments.TryGetValue(name, out var segment) && !PathSegment.TryParse(name, out segment, out var fault))
            {
                return fault;
            }

            _segments[name] = segment;
            segments.Add(segment);
        }

        if (segments.Count is 0 or > PathPattern.MaxSegments)
        {
            return segments.Count == 0 ? null : $"has more than {PathPattern.MaxSegments} parts";
        }

        _patterns.Add(new(segments.ToImmutable(), _matchesHidden));
        return null;
    }
}
