using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using Luminarys.Permissions;
using Luminarys.Ports;
using MessagePack;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>Writes the answers. No value is ever nil, which some guests reject.</summary>
internal static class FileAnswers
{
    private const int LongestBinHeader = 5;

    // A map of one entry, and its key.
    private static ReadOnlySpan<byte> ContentHead => [0x81, 0xa7, (byte)'c', (byte)'o', (byte)'n', (byte)'t', (byte)'e', (byte)'n', (byte)'t'];

    /// <summary>Of functions that have nothing to tell.</summary>
    public static string? WriteEmpty(IBufferWriter<byte> answer)
    {
        var writer = new MessagePackWriter(answer);
        writer.WriteMapHeader(0);
        writer.Flush();
        return null;
    }

    /// <summary>
    /// Of <c>fs_read</c>, or what the guest is told. The file goes straight into the answer; of one that grows meanwhile as much as it had before.
    /// </summary>
    public static string? WriteContent(IBufferWriter<byte> answer, Stream file, int maxBytes)
    {
        var length = file.Length;
        var most = maxBytes - ContentHead.Length - LongestBinHeader;
        if (length > most)
        {
            return $"too large: the file has {length} bytes, {most} are allowed";
        }

        // The width of the header is chosen before the content is read, so that a file that shrinks meanwhile fits too.
        var header = length <= byte.MaxValue ? 2 : length <= ushort.MaxValue ? 3 : LongestBinHeader;
        var start = ContentHead.Length + header;
        var target = answer.GetSpan(start + (int)length)[..(start + (int)length)];
        ContentHead.CopyTo(target);
        var read = file.ReadAtLeast(target[start..], (int)length, throwOnEndOfStream: false);
        WriteBinHeader(target[ContentHead.Length..start], read);
        answer.Advance(start + read);
        return null;
    }

    /// <summary>Of <c>fs_read_lines</c>.</summary>
    public static string? WriteLines(IBufferWriter<byte> answer, LineWindow window, long offset)
    {
        var writer = new MessagePackWriter(answer);
        writer.WriteMapHeader(4);
        writer.WriteString("lines"u8);
        writer.WriteArrayHeader(window.Count);
        writer.WriteRaw(window.Lines);
        writer.WriteString("total_lines"u8);
        writer.Write(window.Total);
        writer.WriteString("offset"u8);
        writer.Write(offset);
        writer.WriteString("is_truncated"u8);
        writer.Write(window.IsTruncated);
        writer.Flush();
        return null;
    }

    /// <summary>Of <c>fs_ls</c>.</summary>
    public static string? WriteEntries(IBufferWriter<byte> answer, ImmutableArray<FileEntry> entries, bool isLong)
    {
        var writer = new MessagePackWriter(answer);
        writer.WriteMapHeader(1);
        writer.WriteString("entries"u8);
        writer.WriteArrayHeader(entries.Length);
        foreach (var entry in entries)
        {
            writer.WriteMapHeader(isLong ? 6 : 3);
            writer.WriteString("name"u8);
            writer.Write(entry.Name);
            writer.WriteString("size"u8);
            writer.Write(entry.IsDirectory ? 0 : entry.Length);
            writer.WriteString("is_dir"u8);
            writer.Write(entry.IsDirectory);
            if (isLong)
            {
                writer.WriteString("mod_time"u8);
                writer.Write(entry.Modified.ToUnixTimeSeconds());
                writer.WriteString("mode"u8);
                writer.Write((int)entry.Mode);
                writer.WriteString("mode_str"u8);
                writer.Write(ModeText(entry));
            }
        }

        writer.Flush();
        return null;
    }

    /// <summary>Of <c>fs_allowed_dirs</c>.</summary>
    public static string? WriteGrants(IBufferWriter<byte> answer, ImmutableArray<DirectoryGrant> grants)
    {
        var distinct = grants.Where(grant => !grant.IsImplied).Distinct().ToArray();
        var writer = new MessagePackWriter(answer);
        writer.WriteMapHeader(1);
        writer.WriteString("dirs"u8);
        writer.WriteArrayHeader(distinct.Length);
        foreach (var grant in distinct)
        {
            writer.WriteMapHeader(2);
            writer.WriteString("path"u8);
            writer.Write(grant.Pattern);
            writer.WriteString("mode"u8);
            writer.WriteString(grant.Mode == AccessMode.ReadWrite ? "rw"u8 : "ro"u8);
        }

        writer.Flush();
        return null;
    }

    /// <summary>Of <c>disk_usage</c>.</summary>
    public static string? WriteSpace(IBufferWriter<byte> answer, DiskSpace space)
    {
        var used = space.Total - space.Free;
        var writer = new MessagePackWriter(answer);
        writer.WriteMapHeader(4);
        writer.WriteString("total_bytes"u8);
        writer.Write(space.Total);
        writer.WriteString("free_bytes"u8);
        writer.Write(space.Available);
        writer.WriteString("used_bytes"u8);
        writer.Write(used);
        writer.WriteString("used_pct"u8);
        writer.Write(space.Total == 0 ? 0d : 100d * used / space.Total);
        writer.Flush();
        return null;
    }

    private static void WriteBinHeader(Span<byte> header, int length)
    {
        switch (header.Length)
        {
            case 2:
                header[0] = MessagePackCode.Bin8;
                header[1] = (byte)length;
                break;
            case 3:
                header[0] = MessagePackCode.Bin16;
                BinaryPrimitives.WriteUInt16BigEndian(header[1..], (ushort)length);
                break;
            default:
                header[0] = MessagePackCode.Bin32;
                BinaryPrimitives.WriteInt32BigEndian(header[1..], length);
                break;
        }
    }

    private static string ModeText(FileEntry entry) => string.Create(10, entry, static (text, entry) =>
    {
        text[0] = entry.IsLink ? 'L' : entry.IsDirectory ? 'd' : '-';
        for (var i = 0; i < 9; i++)
        {
            text[i + 1] = ((int)entry.Mode & (0x100 >> i)) == 0 ? '-' : "rwx"[i % 3];
        }
    });
}
