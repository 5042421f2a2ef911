using Luminarys.Ports;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>Writes an archive. Disposing it completes the archive and leaves the stream open.</summary>
internal interface IArchiveWriter : IDisposable
{
    /// <summary>Adds a directory.</summary>
    void AddDirectory(string path, FileEntry entry);

    /// <summary>Adds a file.</summary>
    void AddFile(string path, FileEntry entry, Stream content);
}
