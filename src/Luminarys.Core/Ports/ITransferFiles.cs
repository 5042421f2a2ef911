namespace Luminarys.Ports;

/// <summary>
/// The files that one set of grants opens to transfers, by the same rules as <see cref="IGrantedFiles"/>. Thread-safe; calls block. Nothing a path holds makes
/// it throw.
/// </summary>
public interface ITransferFiles : IDisposable
{
    /// <summary>Opens a regular file to be copied elsewhere. The caller owns the result.</summary>
    FileResult<IOutgoingFile> OpenOutgoing(string path);

    /// <summary>
    /// Opens a place for a file that comes, making parent directories, and finds what an earlier attempt has left. A disk without room for it is told here.
    /// One at a time has the place: others get <see cref="FileError.Busy"/>. The caller owns the result.
    /// </summary>
    FileResult<IIncomingFile> OpenIncoming(string path, IncomingFile file);
}
