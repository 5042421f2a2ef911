namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>One entry of an archive as its headers describe it.</summary>
/// <param name="Name">As stored; bytes that are not UTF-8 became U+FFFD.</param>
/// <param name="Kind">Type.</param>
/// <param name="Length">Declared length of the content; 0 for anything but files.</param>
/// <param name="Mode">Declared mode, which may hold more than permission bits.</param>
internal sealed record ArchiveEntry(string Name, ArchiveEntryKind Kind, long Length, UnixFileMode Mode);
