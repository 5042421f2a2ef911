using System.Collections.Immutable;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>
/// A pattern of whole paths, matched name by name: so a name that begins with a dot can be asked for, and a directory below which nothing matches is
/// not entered. A place in the pattern is one bit of a state.
/// </summary>
internal sealed class PathPattern(ImmutableArray<PathSegment> segments, bool matchesHidden)
{
    /// <summary>Most names in a pattern. A search goes 64 levels deep.</summary>
    public const int MaxSegments = 63;

    private readonly ulong _end = 1UL << segments.Length;

    /// <summary>Levels below the start at which something can match.</summary>
    public int Depth { get; } = segments.Any(segment => segment.IsAny) ? int.MaxValue : segments.Length;

    /// <summary>Whether the whole path matches.</summary>
    public bool IsMatch(string path) => (Follow(path) & _end) != 0;

    /// <summary>Whether something below a directory can match.</summary>
    public bool Enters(string path) => (Follow(path) & ~_end) != 0;

    private ulong Follow(ReadOnlySpan<char> path)
    {
        var state = SkipAny(1);
        foreach (var name in path.Split('/'))
        {
            state = Step(state, path[name]);
        }

        return state;
    }

    private ulong Step(ulong state, ReadOnlySpan<char> name)
    {
        var next = 0UL;
        for (var i = 0; i < segments.Length; i++)
        {
            var place = 1UL << i;
            if ((state & place) == 0 || !segments[i].Matches(name, matchesHidden))
            {
                continue;
            }

            next |= place << 1;
            next |= segments[i].IsAny ? place : 0;
        }

        return SkipAny(next);
    }

    // A ** stands for no name at all, but at the end: a/** is what lies below a.
    private ulong SkipAny(ulong state)
    {
        for (var i = 0; i < segments.Length - 1; i++)
        {
            state |= segments[i].IsAny ? (state & (1UL << i)) << 1 : 0;
        }

        return state;
    }
}
