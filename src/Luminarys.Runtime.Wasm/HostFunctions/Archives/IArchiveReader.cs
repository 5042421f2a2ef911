namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>Goes through an archive once, in its order, and believes none of its declarations. Owns the archive's stream.</summary>
internal interface IArchiveReader : IDisposable
{
    /// <summary>Moves to the next entry; null at the end.</summary>
    ArchiveEntry? Next();

    /// <summary>Writes the content of the current entry, a file, and verifies it. At most once for each entry.</summary>
    void CopyTo(Stream target);
}
