using Luminarys.Ports;

namespace Luminarys.Cluster.Tests.Transfers;

/// <summary>A file in memory that is read.</summary>
internal sealed class MemorySource(byte[] content) : IOutgoingFile
{
    public byte[] Content { get; set; } = content;

    public long Length { get; } = content.Length;

    public UInt128 Fingerprint { get; init; } = 77;

    public UnixFileMode Mode => UnixFileMode.UserRead;

    public bool IsUnchanged { get; set; } = true;

    public int Read(Span<byte> buffer, long offset)
    {
        var rest = Content.AsSpan((int)Math.Min(offset, Content.Length));
        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        return count;
    }

    public void Dispose()
    {
    }
}
