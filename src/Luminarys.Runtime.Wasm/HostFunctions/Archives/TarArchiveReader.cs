using System.Buffers;
using System.IO.Compression;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>
/// Reads gzipped tar files. The base library's reader reserves memory for an extension header by its declared length, gigabytes for one block, and
/// takes a file that was cut off for a complete one; hence our own.
/// </summary>
internal sealed class TarArchiveReader(Stream archive, ArchiveBudget budget) : IArchiveReader
{
    private const int MaxExtension = 1024 * 1024;
    private const int BufferSize = 64 * 1024;

    private readonly GZipStream _content = new(archive, CompressionMode.Decompress);
    private readonly byte[] _block = new byte[TarHeader.BlockSize];
    private long _left;
    private int _padding;

    /// <inheritdoc/>
    public ArchiveEntry? Next()
    {
        Move(null);
        var extension = new TarExtension();
        while (true)
        {
            Fill(_block);
            if (!_block.AsSpan().ContainsAnyExcept((byte)0))
            {
                extension.RequireNone();
                ReadToEnd();
                return null;
            }

            var header = TarHeader.Parse(_block);
            if (header.Type is not (TarHeader.Pax or TarHeader.PaxGlobal or TarHeader.LongName or TarHeader.LongLink))
            {
                var entry = extension.Apply(header);
                budget.CountEntry(entry.Name);
                Begin(entry.Length);
                return entry;
            }

            extension.Add(header.Type, ReadExtension(header));
        }
    }

    /// <inheritdoc/>
    public void CopyTo(Stream target)
    {
        budget.BeginContent();
        Move(target);
    }

    /// <inheritdoc/>
    public void Dispose() => _content.Dispose();

    private void Begin(long length) =>
        (_left, _padding) = (length, (int)((TarHeader.BlockSize - (length % TarHeader.BlockSize)) % TarHeader.BlockSize));

    private byte[] ReadExtension(TarHeader header)
    {
        if (header.Size > MaxExtension)
        {
            throw ArchiveException.Refused($"an extension header has {header.Size} bytes; {MaxExtension} are allowed");
        }

        var content = new byte[header.Size];
        Fill(content);
        Begin(header.Size);
        _left = 0;
        Move(null);
        return content;
    }

    // Passes over the rest of the entry; what a target takes is counted as content.
    private void Move(Stream? target)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (_left > 0)
            {
                var part = buffer.AsSpan(0, (int)Math.Min(BufferSize, _left));
                Fill(part);
                _left -= part.Length;
                if (target is not null)
                {
                    budget.CountContent(part.Length);
                    target.Write(part);
                }
            }

            Fill(buffer.AsSpan(0, _padding));
            _padding = 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Fill(Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            var read = Expand(target);
            if (read == 0)
            {
                throw new EndOfStreamException("it ends before its end mark");
            }

            target = target[read..];
        }
    }

    // The decompressor compares its checksum only at its end.
    private void ReadToEnd()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (Expand(buffer) > 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int Expand(Span<byte> target)
    {
        var read = _content.Read(target);
        budget.CountExpanded(read, archive.Position);
        return read;
    }
}
