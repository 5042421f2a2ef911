using Luminarys.Files.Native;
using Luminarys.Ports;

namespace Luminarys.Files.Walking;

/// <summary>Words for what the system tells.</summary>
internal static class Entries
{
    public static FileEntry Of(string name, in FileStatus status, bool isLink) => new(
        name,
        status.Kind == FileKind.Directory,
        isLink,
        status.Kind == FileKind.Directory ? 0 : status.Length,
        status.Modified,
        status.Mode);
}
