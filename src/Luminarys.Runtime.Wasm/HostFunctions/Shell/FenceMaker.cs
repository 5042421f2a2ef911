using System.Collections.Immutable;
using Luminarys.Permissions;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>Makes the fence of a skill's programs out of its grants: its directories, its home, and what every program needs of the system.</summary>
internal static class FenceMaker
{
    private static readonly ImmutableArray<string> s_readOnly =
        ["/etc", "/proc", "/sys", "/run/systemd/resolve", "/dev/urandom", "/dev/random", "/dev/zero", "/usr/share"];

    private static readonly ImmutableArray<string> s_runnable = ["/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin"];

    public static ProgramFence Make(PermissionSet permissions, IReadOnlyList<string> path, ProgramPlaces places)
    {
        var granted = permissions.Directories;
        var readOnly = granted.Where(grant => grant.Mode == AccessMode.ReadOnly).Select(grant => LiteralOf(grant.Pattern)).ToArray();
        var readWrite = granted.Where(grant => grant.Mode == AccessMode.ReadWrite).Select(grant => LiteralOf(grant.Pattern))
            .Concat((permissions.Shell?.AllowedDirectories ?? []).Select(LiteralOf).Where(directory => !readOnly.Contains(directory)));
        return new(
            [.. s_readOnly],
            [.. s_runnable, .. path, .. readOnly],
            [.. readWrite, places.Home, places.Temporary, "/dev/null"]);
    }

    /// <summary>The part of a pattern before its first wildcard, as a directory. The kernel knows no patterns.</summary>
    public static string LiteralOf(string pattern)
    {
        var wildcard = pattern.AsSpan().IndexOfAny("*?[{\\");
        var literal = wildcard < 0 ? pattern : pattern[..(pattern.AsSpan(0, wildcard).LastIndexOf('/') + 1)];
        return literal.Length > 1 ? literal.TrimEnd('/') : "/";
    }
}
