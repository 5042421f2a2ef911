using Luminarys.Ports;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Tests.Transfers;

/// <summary>A file in memory that is written, with a disk that forgets what was not flushed.</summary>
internal sealed class MemorySink : IIncomingFile
{
    private readonly MemoryStream _content = new();

    public ContentHash? Committed { get; private set; }

    public long Durable { get; private set; }

    /// <summary>What has the final name; null while nothing has.</summary>
    public byte[]? Final { get; private set; }

    public int Restarts { get; private set; }

    public int Discards { get; private set; }

    public FileFault? WriteFault { get; set; }

    public long Written { get; private set; }

    /// <summary>The process died: what was not flushed is gone.</summary>
    public void Crash() => _content.SetLength(Durable);

    public int Read(Span<byte> buffer, long offset)
    {
        _content.Position = offset;
        return _content.Read(buffer);
    }

    public FileFault? Restart()
    {
        Restarts++;
        _content.SetLength(0);
        Durable = 0;
        return null;
    }

    public FileFault? Write(ReadOnlySpan<byte> content, long offset)
    {
        _content.Position = offset;
        _content.Write(content);
        Written += content.Length;
        return WriteFault;
    }

    public FileFault? Flush(long offset)
    {
        Durable = offset;
        return null;
    }

    public FileFault? Commit(ContentHash hash)
    {
        (Final, Committed) = (_content.ToArray(), hash);
        return null;
    }

    public void Discard()
    {
        Discards++;
        _content.SetLength(0);
        Durable = 0;
    }

    public void Dispose()
    {
    }
}
