using Luminarys.Ports;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>Moves the entries of an archive to a place beside the destination; nothing is in the destination before all of them were good.</summary>
internal sealed class ArchiveUnpacker(ArchiveBudget budget, ExcludeList exclude, int strip, bool skipsLinks)
{
    private const UnixFileMode Permissions = (UnixFileMode)0x1FF;

    private readonly HashSet<string> _names = new(OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
    private int _files;

    /// <summary>Unpacks everything and answers the number of files.</summary>
    public int Unpack(IArchiveReader archive, IStagedTree target, CancellationToken cancellationToken)
    {
        while (archive.Next() is { } entry)
        {
            Take(entry, archive, target);
        }

        ArchiveException.ThrowIf(target.Commit(cancellationToken));
        return _files;
    }

    private void Take(ArchiveEntry entry, IArchiveReader archive, IStagedTree target)
    {
        var path = EntryName.Clean(entry.Name, strip, budget);
        if (path.Length == 0 || exclude.Covers(strip == 0 ? path : EntryName.Clean(entry.Name, 0, budget)) || IsLeftOut(entry))
        {
            return;
        }

        if (budget.Defences.RefusesDuplicates && !_names.Add(path))
        {
            throw ArchiveException.Refused($"two entries are named '{EntryName.Show(path)}'");
        }

        if (entry.Kind == ArchiveEntryKind.Directory)
        {
            ArchiveException.ThrowIf(target.CreateDirectory(path));
            return;
        }

        var created = target.CreateFile(path, budget.Defences.MasksModes ? entry.Mode & Permissions : entry.Mode);
        if (!created.IsSuccess)
        {
            throw ArchiveException.Of(created.Fault);
        }

        using (created.Value)
        {
            archive.CopyTo(created.Value);
        }

        _files++;
    }

    private bool IsLeftOut(ArchiveEntry entry)
    {
        if (entry.Kind == ArchiveEntryKind.Link && skipsLinks)
        {
            return true;
        }

        return entry.Kind is ArchiveEntryKind.File or ArchiveEntryKind.Directory || !budget.Defences.ChecksTypes
            ? false
            : throw ArchiveException.Refused($"entry '{EntryName.Show(entry.Name)}' is neither a file nor a directory");
    }
}
