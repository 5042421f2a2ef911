using System.Collections.Immutable;
using Luminarys.Permissions;

namespace Luminarys.Files.Walking;

/// <summary>Tells which directories on the way a pattern could lead through, segment by segment. Says yes rather than no where it cannot tell.</summary>
internal sealed class PatternWay
{
    private readonly ImmutableArray<Glob> _segments;
    private readonly bool _isOpen;

    private PatternWay(ImmutableArray<Glob> segments, bool isOpen) => (_segments, _isOpen) = (segments, isOpen);

    /// <summary>Reads the part of a pattern that has pattern characters.</summary>
    public static PatternWay Of(string pattern)
    {
        var segments = ImmutableArray.CreateBuilder<Glob>();
        foreach (var segment in pattern.Split('/'))
        {
            // From here on the depth varies, or a brace that holds a slash was cut.
            if (segment.Contains("**", StringComparison.Ordinal) || !Glob.TryParse(segment, ignoreCase: false, out var glob, out _))
            {
                return new(segments.ToImmutable(), isOpen: true);
            }

            segments.Add(glob);
        }

        return new(segments.ToImmutable(), isOpen: false);
    }

    /// <summary>Whether a directory, by its path from where the pattern begins, may be one that is named or hold one.</summary>
    public bool Leads(string relativePath)
    {
        var at = 0;
        foreach (var range in relativePath.AsSpan().Split('/'))
        {
            if (at == _segments.Length)
            {
                return _isOpen;
            }

            if (!_segments[at++].IsMatch(relativePath.AsSpan(range)))
            {
                return false;
            }
        }

        return true;
    }
}
