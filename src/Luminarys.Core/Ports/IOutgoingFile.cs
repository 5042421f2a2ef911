namespace Luminarys.Ports;

/// <summary>A regular file that is being copied to another node, open for reading. Used by one thread at a time; reads block.</summary>
public interface IOutgoingFile : IDisposable
{
    /// <summary>Bytes it had when it was opened.</summary>
    long Length { get; }

    /// <summary>What it was when it was opened: digest of device, inode, size, and the times of change of content and of anything else.</summary>
    UInt128 Fingerprint { get; }

    /// <summary>Permission bits, 0 to 0777.</summary>
    UnixFileMode Mode { get; }

    /// <summary>Whether it is what it was when it was opened.</summary>
    bool IsUnchanged { get; }

    /// <summary>Reads from a place; 0 at the end.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    int Read(Span<byte> buffer, long offset);
}
