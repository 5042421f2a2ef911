using System.Formats.Tar;
using System.IO.Compression;
using Luminarys.Ports;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>Writes gzipped tar files, in the GNU format: the same files give the same bytes, in any process.</summary>
internal sealed class TarArchiveWriter : IArchiveWriter
{
    private readonly GZipStream _packed;
    private readonly TarWriter _writer;

    public TarArchiveWriter(Stream output)
    {
        _packed = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true);
        _writer = new TarWriter(_packed, TarEntryFormat.Gnu, leaveOpen: true);
    }

    /// <inheritdoc/>
    public void AddDirectory(string path, FileEntry entry) => Add(TarEntryType.Directory, path, entry, null);

    /// <inheritdoc/>
    public void AddFile(string path, FileEntry entry, Stream content) => Add(TarEntryType.RegularFile, path, entry, content);

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _packed.Dispose();
    }

    private void Add(TarEntryType type, string path, FileEntry entry, Stream? content)
    {
        var added = new GnuTarEntry(type, path)
        {
            Mode = entry.Mode,
            ModificationTime = entry.Modified < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : entry.Modified,
        };
        if (content is not null)
        {
            added.DataStream = content;
        }

        _writer.WriteEntry(added);
    }
}
