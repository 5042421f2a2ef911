using System.IO.Compression;
using Luminarys.Ports;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>Writes zip files with Unix modes.</summary>
internal sealed class ZipArchiveWriter(Stream output) : IArchiveWriter
{
    private const int RegularFile = 0x8000;
    private const int Directory = 0x4000;
    private const int DosDirectory = 0x10;

    private static readonly DateTimeOffset s_earliest = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_latest = new(2107, 12, 31, 0, 0, 0, TimeSpan.Zero);

    private readonly ZipArchive _archive = new(output, ZipArchiveMode.Create, leaveOpen: true);

    /// <inheritdoc/>
    public void AddDirectory(string path, FileEntry entry) => Add(path, entry, Directory, DosDirectory);

    /// <inheritdoc/>
    public void AddFile(string path, FileEntry entry, Stream content)
    {
        using var target = Add(path, entry, RegularFile, 0).Open();
        content.CopyTo(target);
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    private ZipArchiveEntry Add(string path, FileEntry entry, int type, int attributes)
    {
        var added = _archive.CreateEntry(path, CompressionLevel.Optimal);
        added.LastWriteTime = entry.Modified < s_earliest ? s_earliest : entry.Modified > s_latest ? s_latest : entry.Modified;
        added.ExternalAttributes = ((type | (int)entry.Mode) << 16) | attributes;
        return added;
    }
}
