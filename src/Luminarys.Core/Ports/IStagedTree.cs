namespace Luminarys.Ports;

/// <summary>
/// Files and directories on their way below one destination: they stand in a reserved place beside it until the commit moves them, entry by
/// entry. Disposing without a commit removes them. Paths are relative with <c>/</c> and hold no <c>..</c>.
/// </summary>
public interface IStagedTree : IDisposable
{
    /// <summary>Makes a directory and its parents; one that is there is a success.</summary>
    FileFault? CreateDirectory(string relativePath);

    /// <summary>Makes a file that must not be there yet, and its parents. The caller owns the stream.</summary>
    FileResult<Stream> CreateFile(string relativePath, UnixFileMode mode);

    /// <summary>Moves everything to the destination; files that are there are replaced, directories joined.</summary>
    FileFault? Commit(CancellationToken cancellationToken);
}
