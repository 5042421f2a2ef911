using Luminarys.Transfers;

namespace Luminarys.Ports;

/// <summary>
/// A file on its way in, which has its name only when it is complete and on the disk. Disposing it keeps what is there for another attempt. Used by one
/// thread at a time, except that <see cref="Write"/> goes on while <see cref="Flush"/> runs; calls block.
/// </summary>
public interface IIncomingFile : IDisposable
{
    /// <summary>The hash of the file when an earlier attempt of the same transfer has brought it whole; null while it is on its way.</summary>
    ContentHash? Committed { get; }

    /// <summary>How much of it is on the disk from before, in bytes from its beginning.</summary>
    long Durable { get; }

    /// <summary>Reads what is there: for the hash of it.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    int Read(Span<byte> buffer, long offset);

    /// <summary>Throws away what is there and begins anew; null when it did.</summary>
    FileFault? Restart();

    /// <summary>Writes a part; null when the system has it.</summary>
    FileFault? Write(ReadOnlySpan<byte> content, long offset);

    /// <summary>Brings everything before a place to the disk, and notes there that it is; null when both are there.</summary>
    FileFault? Flush(long offset);

    /// <summary>Flushes the file, gives it its mode and its name, and flushes the directory; null when it has it for good.</summary>
    /// <param name="hash">Of the whole file: what a later attempt of the same transfer is told.</param>
    FileFault? Commit(ContentHash hash);

    /// <summary>Removes what is there of it: it is of no use.</summary>
    void Discard();
}
