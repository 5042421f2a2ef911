using Luminarys.Ports;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>Adds what is below a directory to an archive: files and directories, in the walk's order. Links are left out, and so is the archive.</summary>
internal sealed class ArchivePacker(IGrantedFiles files, ArchiveBudget budget, ExcludeList exclude)
{
    private int _files;

    /// <summary>Packs a directory's content or one file, and answers the number of files.</summary>
    /// <param name="source">Directory or file.</param>
    /// <param name="output">The archive's path.</param>
    /// <param name="archive">Takes the entries.</param>
    /// <param name="cancellationToken">Cancels the walk.</param>
    public int Pack(string source, string output, IArchiveWriter archive, CancellationToken cancellationToken)
    {
        var found = Value(files.Stat(source));
        if (!found.IsDirectory)
        {
            budget.CountEntry(found.Name);
            Add(found.Name, found, files.OpenRead(source), archive);
            return _files;
        }

        var root = $"{Normal(source)}/";
        var hidden = Normal(output);
        foreach (var walked in Value(files.Walk(source, new WalkOptions(Enters: path => !exclude.Covers(path)), cancellationToken)))
        {
            if (!walked.Entry.IsLink && !exclude.Covers(walked.RelativePath) && root + walked.RelativePath != hidden)
            {
                Add(walked, archive);
            }
        }

        return _files;
    }

    private void Add(WalkedEntry walked, IArchiveWriter archive)
    {
        budget.CountEntry(walked.RelativePath);
        if (walked.Entry.IsDirectory)
        {
            archive.AddDirectory($"{walked.RelativePath}/", walked.Entry);
            return;
        }

        // Sockets and the like are there and cannot be read; a file may be gone since the walk saw it.
        var opened = walked.Open();
        if (opened.Fault?.Error is not (FileError.Denied or FileError.NotFound))
        {
            Add(walked.RelativePath, walked.Entry, opened, archive);
        }
    }

    private void Add(string path, FileEntry entry, FileResult<Stream> opened, IArchiveWriter archive)
    {
        using var content = Value(opened);
        budget.BeginContent();
        using var sized = new SizedStream(content, content.Length, budget.CountContent);
        archive.AddFile(path, entry, sized);
        _files++;
    }

    private static string Normal(string path) => $"/{string.Join('/', path.Split('/').Where(part => part is not ("" or ".")))}";

    private static T Value<T>(FileResult<T> result) => result.IsSuccess ? result.Value : throw ArchiveException.Of(result.Fault);
}
