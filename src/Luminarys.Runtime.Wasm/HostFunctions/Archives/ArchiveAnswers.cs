using System.Buffers;
using System.Text;
using MessagePack;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>Writes the answers. No value is ever nil, which some guests reject.</summary>
internal static class ArchiveAnswers
{
    /// <summary>Of <c>archive_pack</c>.</summary>
    public static void WritePacked(IBufferWriter<byte> answer, int files, ArchiveFormat format)
    {
        var writer = new MessagePackWriter(answer);
        writer.WriteMapHeader(2);
        writer.Write("files_count");
        writer.Write(files);
        writer.Write("format");
        writer.Write(ArchiveFormats.NameOf(format));
        writer.Flush();
    }

    /// <summary>Of <c>archive_unpack</c>.</summary>
    public static void WriteUnpacked(IBufferWriter<byte> answer, int files)
    {
        var writer = new MessagePackWriter(answer);
        writer.WriteMapHeader(1);
        writer.Write("files_count");
        writer.Write(files);
        writer.Flush();
    }

    /// <summary>The least that an entry takes in a list.</summary>
    public static int ListedSize(ArchiveEntry entry) => 20 + Encoding.UTF8.GetByteCount(entry.Name);

    /// <summary>Of <c>archive_list</c>.</summary>
    public static void WriteList(IBufferWriter<byte> answer, IReadOnlyCollection<ArchiveEntry> entries)
    {
        var writer = new MessagePackWriter(answer);
        writer.WriteMapHeader(1);
        writer.Write("entries");
        writer.WriteArrayHeader(entries.Count);
        foreach (var entry in entries)
        {
            writer.WriteMapHeader(3);
            writer.Write("name");
            writer.Write(entry.Name);
            writer.Write("size");
            writer.Write(entry.Length);
            writer.Write("is_dir");
            writer.Write(entry.Kind == ArchiveEntryKind.Directory);
        }

        writer.Flush();
    }
}
