using Luminarys.Permissions;

namespace Luminarys.Files.Tests.Model;

/// <summary>A grant as a list of segments: a name, <c>*</c> or <c>**</c>.</summary>
internal sealed record ModelGrant(string[] Segments, AccessMode Mode)
{
    public string Pattern => "/" + string.Join('/', Segments);

    public bool IsLiteral => !Segments.Any(segment => segment.Contains('*', StringComparison.Ordinal));

    public override string ToString() => $"{Pattern}:{(Mode == AccessMode.ReadWrite ? "rw" : "ro")}";

    /// <summary>How deep the directory lies that decides about a path; null when the grant does not reach it.</summary>
    public int? DepthFor(string[] path)
    {
        var depths = Enumerable.Range(0, path.Length + 1).Where(depth => Matches(Segments, path.AsSpan(0, depth))).ToArray();
        return depths.Length == 0 ? null : Mode == AccessMode.ReadOnly ? depths[^1] : depths[0];
    }

    private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        if (pattern.IsEmpty)
        {
            return path.IsEmpty;
        }

        return pattern[0] switch
        {
            "**" => Matches(pattern[1..], path) || (!path.IsEmpty && Matches(pattern, path[1..])),
            "*" => !path.IsEmpty && Matches(pattern[1..], path[1..]),
            var name => !path.IsEmpty && path[0] == name && Matches(pattern[1..], path[1..]),
        };
    }
}
