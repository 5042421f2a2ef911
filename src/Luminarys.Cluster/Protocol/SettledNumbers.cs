using System.Collections.Immutable;

namespace Luminarys.Cluster.Protocol;

/// <summary>Which calls the sender has the answers of.</summary>
/// <param name="Done">Every call with a number up to this one.</param>
/// <param name="Before">With <paramref name="Open"/>: every call with a number below this one as well, except those.</param>
/// <param name="Open">Numbers above <paramref name="Done"/>, ascending; default when nothing is said of them.</param>
internal readonly record struct SettledNumbers(ulong Done, ulong Before, ImmutableArray<ulong> Open)
{
    /// <summary>Most open numbers that are said at once.</summary>
    public const int MaxOpen = 1024;

    /// <summary>Only that every call up to a number is settled.</summary>
    public static SettledNumbers UpTo(ulong done) => new(done, 0, default);

    /// <summary>Whether a call is settled.</summary>
    public bool Includes(ulong number) => number <= Done || (!Open.IsDefault && number < Before && Open.BinarySearch(number) < 0);
}
