using System.Globalization;
using System.Text;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>
/// What extension headers say of the entry that follows them. Programs differ in which of two contradicting headers they follow, so anything said
/// twice is refused.
/// </summary>
internal sealed class TarExtension
{
    private readonly HashSet<char> _seen = [];
    private string? _name;
    private long? _size;
    private bool _isSparse;

    /// <summary>Takes the content of an extension header.</summary>
    public void Add(char type, ReadOnlySpan<byte> content)
    {
        if (!_seen.Add(type) && type != TarHeader.PaxGlobal)
        {
            throw ArchiveException.Refused("an entry has the same extension header twice");
        }

        switch (type)
        {
            case TarHeader.LongName:
                SetName(Encoding.UTF8.GetString(content.TrimEnd((byte)0)));
                break;
            case TarHeader.Pax or TarHeader.PaxGlobal:
                ReadRecords(content, type == TarHeader.PaxGlobal);
                break;
        }
    }

    /// <summary>The entry with these attributes.</summary>
    public ArchiveEntry Apply(TarHeader header)
    {
        var name = _name ?? header.Name;
        var kind = _isSparse ? ArchiveEntryKind.Special : header.KindOf(name);
        var size = _size ?? header.Size;
        return kind is ArchiveEntryKind.File || size == 0
            ? new ArchiveEntry(name, kind, size, header.Mode)
            : throw ArchiveException.Refused($"entry '{EntryName.Show(name)}' is no regular file and has content");
    }

    /// <summary>Refuses headers that no entry follows.</summary>
    public void RequireNone()
    {
        if (_seen.Any(type => type != TarHeader.PaxGlobal))
        {
            throw ArchiveException.Refused("an extension header has no entry");
        }
    }

    private void SetName(string name)
    {
        if (_name is not null)
        {
            throw ArchiveException.Refused($"entry '{EntryName.Show(name)}' has two names");
        }

        _name = name;
    }

    // Records are "length key=value\n", the length in decimal and with all of it.
    private void ReadRecords(ReadOnlySpan<byte> records, bool isGlobal)
    {
        while (!records.IsEmpty)
        {
            var space = records.IndexOf((byte)' ');
            if (space is < 1 or > 9
                || !int.TryParse(records[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length <= space + 1 || length > records.Length || records[length - 1] != '\n')
            {
                throw ArchiveException.Refused("an extension header is malformed");
            }

            var record = records[(space + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals < 1)
            {
                throw ArchiveException.Refused("an extension header is malformed");
            }

            Take(Encoding.UTF8.GetString(record[..equals]), record[(equals + 1)..], isGlobal);
            records = records[length..];
        }
    }

    private void Take(string key, ReadOnlySpan<byte> value, bool isGlobal)
    {
        var isSparse = key.StartsWith("GNU.sparse", StringComparison.Ordinal);
        if (isGlobal && (isSparse || key is "path" or "linkpath" or "size"))
        {
            throw ArchiveException.Refused($"a global header sets '{EntryName.Show(key)}' of all entries");
        }

        _isSparse |= isSparse;
        if (key == "path")
        {
            SetName(Encoding.UTF8.GetString(value));
        }
        else if (key == "size")
        {
            _size = _size is null && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                ? size
                : throw ArchiveException.Refused("an extension header holds a size that is none");
        }
    }
}
