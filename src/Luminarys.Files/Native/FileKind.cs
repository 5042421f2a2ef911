namespace Luminarys.Files.Native;

/// <summary>What a name stands for.</summary>
internal enum FileKind
{
    /// <summary>Device, queue, socket, or what the system did not tell.</summary>
    Other,

    /// <summary>Regular file.</summary>
    Regular,

    /// <summary>Directory.</summary>
    Directory,

    /// <summary>Symbolic link.</summary>
    Link,
}
