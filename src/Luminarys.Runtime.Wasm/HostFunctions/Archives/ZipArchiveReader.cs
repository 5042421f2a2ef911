using System.Buffers;
using System.IO.Compression;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>
/// Reads zip files. The base library's reader believes the declared length, compares no checksum and no local header, and reads a directory of any
/// size into memory; hence our own.
/// </summary>
internal sealed class ZipArchiveReader : IArchiveReader
{
    private const int BufferSize = 64 * 1024;

    private readonly Stream _archive;
    private readonly ArchiveBudget _budget;
    private readonly List<ZipEntry> _entries;
    private int _next;
    private long _packed;

    /// <summary>Reads the directory of a file, and owns it from then on.</summary>
    public ZipArchiveReader(Stream archive, ArchiveBudget budget)
    {
        _archive = archive;
        _budget = budget;
        _entries = ZipDirectory.Read(archive, budget);
    }

    /// <inheritdoc/>
    public ArchiveEntry? Next() => _next < _entries.Count ? _entries[_next++].Entry : null;

    /// <inheritdoc/>
    public void CopyTo(Stream target)
    {
        var entry = _entries[_next - 1];
        if (entry.FindFault() is { } fault)
        {
            throw Refused(entry, fault);
        }

        _budget.BeginContent();
        _archive.Position = entry.ContentOffset;
        using var packed = new SizedStream(_archive, entry.PackedLength, count => _packed += count);
        using var content = entry.Method == ZipEntry.Deflated ? new DeflateStream(packed, CompressionMode.Decompress, leaveOpen: true) : (Stream)packed;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            Copy(entry, content, target, buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    private void Copy(ZipEntry entry, Stream content, Stream target, byte[] buffer)
    {
        var crc = 0u;
        var length = 0L;
        while (content.Read(buffer) is var read and > 0)
        {
            length += read;
            _budget.CountExpanded(read, _packed);
            _budget.CountContent(read);
            if (_budget.Defences.ChecksContent && length > entry.Length)
            {
                throw Refused(entry, $"has more than its {entry.Length} bytes");
            }

            crc = Crc32.Append(crc, buffer.AsSpan(0, read));
            target.Write(buffer, 0, read);
        }

        if (_budget.Defences.ChecksContent && (length != entry.Length || crc != entry.Crc))
        {
            throw Refused(entry, length != entry.Length ? $"has {length} bytes instead of {entry.Length}" : "has a wrong checksum");
        }
    }

    private static ArchiveException Refused(ZipEntry entry, string reason) =>
        ArchiveException.Refused($"entry '{EntryName.Show(entry.Entry.Name)}' {reason}");
}
