namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>What an entry of an archive is.</summary>
internal enum ArchiveEntryKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic or hard link.</summary>
    Link,

    /// <summary>A device, a FIFO, a sparse file, or a type that nobody knows.</summary>
    Special,
}
