using System.Text;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>Names of entries, from the archive's spelling to a relative path that stays below the destination.</summary>
internal static class EntryName
{
    private const string Reserved = ".lm-staging";

    /// <summary>Makes the relative path of an entry; empty when nothing of the name is left.</summary>
    /// <param name="name">As stored.</param>
    /// <param name="strip">Leading parts to drop.</param>
    /// <param name="budget">Limits and defences.</param>
    /// <exception cref="ArchiveException">The name is one that is never unpacked.</exception>
    public static string Clean(string name, int strip, ArchiveBudget budget)
    {
        var normal = name.Replace('\\', '/');
        if (!budget.Defences.ChecksNames)
        {
            return normal.TrimEnd('/');
        }

        var fault = FindFault(normal);
        var parts = normal.Split('/').Where(part => part is not ("" or ".")).ToArray();
        fault ??= parts.Contains("..") ? "leads out with '..'" : null;
        parts = [.. parts.Skip(strip)];
        fault ??= FindFault(parts, budget.Limits);
        return fault is null ? string.Join('/', parts) : throw ArchiveException.Refused($"entry '{Show(name)}': {fault}");
    }

    /// <summary>A name for an error text.</summary>
    public static string Show(string name) => name.Length <= 100 ? name : $"{name[..100]}…";

    private static string? FindFault(string name) =>
        name.Length == 0 ? "has no name"
        : name.Contains('\0', StringComparison.Ordinal) ? "holds a NUL"
        : name.Contains('\uFFFD', StringComparison.Ordinal) ? "is not UTF-8"
        : name[0] == '/' ? "is absolute"
        : HasDrive(name) ? "names a drive"
        : null;

    private static string? FindFault(string[] parts, ArchiveLimits limits) =>
        parts.Length > 0 && HasDrive(parts[0]) ? "names a drive"
        : parts.Length > limits.Depth ? $"is deeper than {limits.Depth} directories"
        : parts.Any(part => part.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase)) ? $"uses the reserved name {Reserved}"
        : parts.Any(part => Encoding.UTF8.GetByteCount(part) > limits.SegmentLength) ? $"has a part of more than {limits.SegmentLength} bytes"
        : null;

    private static bool HasDrive(string name) => name.Length > 1 && name[1] == ':' && char.IsAsciiLetter(name[0]);
}
