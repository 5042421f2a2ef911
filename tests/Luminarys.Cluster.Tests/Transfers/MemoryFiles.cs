using System.Collections.Concurrent;
using Luminarys.Ports;

namespace Luminarys.Cluster.Tests.Transfers;

/// <summary>A node's files in memory; paths that begin with <c>/closed</c> are denied.</summary>
internal sealed class MemoryFiles : ITransferFiles
{
    public ConcurrentDictionary<string, byte[]> Contents { get; } = new();

    public ConcurrentDictionary<(string Path, UInt128 Origin), MemorySink> Incoming { get; } = new();

    public FileResult<IOutgoingFile> OpenOutgoing(string path) =>
        path.StartsWith("/closed", StringComparison.Ordinal) ? new FileFault(FileError.Denied, path)
        : Contents.TryGetValue(path, out var content) ? new FileResult<IOutgoingFile>(new MemorySource(content), null)
        : new FileFault(FileError.NotFound, path);

    public FileResult<IIncomingFile> OpenIncoming(string path, IncomingFile file) => path.StartsWith("/closed", StringComparison.Ordinal)
        ? new FileFault(FileError.Denied, path)
        : new FileResult<IIncomingFile>(Incoming.GetOrAdd((path, file.Origin), _ => new MemorySink()), null);

    public byte[]? Find(string path) => Incoming.FirstOrDefault(pair => pair.Key.Path == path && pair.Value.Final is not null).Value?.Final;

    public void Dispose()
    {
    }
}
