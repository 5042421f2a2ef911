using System.Text;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>Counts what one call does with an archive, and ends it at the limits or when the call is cancelled.</summary>
internal sealed class ArchiveBudget(ArchiveLimits limits, ArchiveDefences defences, CancellationToken cancellationToken)
{
    private int _entries;
    private long _names;
    private long _entry;
    private long _total;
    private long _expanded;
    private long _nextLook = limits.RatioFreeBytes;

    public ArchiveLimits Limits => limits;

    public ArchiveDefences Defences => defences;

    /// <summary>Counts an entry, whether or not anything becomes of it.</summary>
    public void CountEntry(string name)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var length = Encoding.UTF8.GetByteCount(name);
        if (defences.ChecksNames && length > limits.NameLength)
        {
            throw ArchiveException.Refused($"a name has {length} bytes; {limits.NameLength} are allowed");
        }

        _names += length;
        if (defences.CountsEntries && (++_entries > limits.Entries || _names > limits.NameBytes))
        {
            throw ArchiveException.TooLarge($"more than {limits.Entries} entries, or {limits.NameBytes} bytes of names");
        }
    }

    /// <summary>Begins the content of a file.</summary>
    public void BeginContent() => _entry = 0;

    /// <summary>Counts bytes of a file, before they are written.</summary>
    public void CountContent(int count)
    {
        _entry += count;
        _total += count;
        if (defences.CountsBytes && (_entry > limits.EntryBytes || _total > limits.TotalBytes))
        {
            throw ArchiveException.TooLarge(_entry > limits.EntryBytes
                ? $"a file of more than {limits.EntryBytes} bytes"
                : $"files of more than {limits.TotalBytes} bytes together");
        }
    }

    /// <summary>Counts bytes that came out of the decompressor, of files and of everything around them.</summary>
    /// <param name="count">Bytes out.</param>
    /// <param name="packed">Bytes that went in since the start.</param>
    public void CountExpanded(int count, long packed)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _expanded += count;

        // Twice the limit of files, for what is skipped and for headers: this ends archives that hold nothing to count.
        if (defences.CountsBytes && _expanded / 2 > limits.TotalBytes)
        {
            throw ArchiveException.TooLarge($"it expands to more than {2 * limits.TotalBytes} bytes");
        }

        if (_expanded < _nextLook)
        {
            return;
        }

        _nextLook = _expanded + limits.RatioStep;
        if (defences.ChecksRatio && _expanded / limits.Ratio > packed)
        {
            throw ArchiveException.TooLarge($"it expands more than {limits.Ratio} times");
        }
    }
}
