using System.Collections.Frozen;

namespace Luminarys.Manifests.Sections;

/// <summary>
/// Keys that are read and checked but have no effect yet. A file that sets one to anything but its default gets a warning. The release that
/// gives a key its effect removes its line, and its mark in the reference.
/// </summary>
internal static class UpcomingKeys
{
    public static readonly FrozenSet<string> Host = FrozenSet.Create(
        StringComparer.Ordinal,
        "cluster.ha");

    public static readonly FrozenSet<string> Manifest = FrozenSet<string>.Empty;
}
