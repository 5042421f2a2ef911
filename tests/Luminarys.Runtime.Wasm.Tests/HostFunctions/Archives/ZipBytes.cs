using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Archives;

/// <summary>Writes zip files field by field, also such that no program would write.</summary>
internal sealed class ZipBytes(params ZipPart[] parts)
{
    private readonly List<byte> _zip = [];
    private readonly List<byte> _directory = [];

    public int? Entries { get; init; }

    public int Disk { get; init; }

    public long? DirectoryOffset { get; init; }

    public byte[] Comment { get; init; } = [];

    public byte[] Trailer { get; init; } = [];

    /// <summary>Whether the large records are written at the end.</summary>
    public bool IsLarge { get; init; }

    public ulong? LargeEntries { get; init; }

    public ulong? LargeOffset { get; init; }

    public int LargeDisks { get; init; } = 1;

    public byte[] Make()
    {
        foreach (var part in parts)
        {
            Add(part);
        }

        var start = (uint)_zip.Count;
        _zip.AddRange(_directory);
        if (IsLarge)
        {
            AddLargeEnd(start);
        }

        Put(_zip, 0x06054b50u, (ushort)Disk, (ushort)0);
        var count = (ushort)(IsLarge ? ushort.MaxValue : Entries ?? parts.Length);
        Put(_zip, count, count, (uint)_directory.Count, IsLarge ? uint.MaxValue : (uint)(DirectoryOffset ?? start), (ushort)Comment.Length);
        _zip.AddRange(Comment);
        _zip.AddRange(Trailer);
        return [.. _zip];
    }

    public static byte[] Deflate(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(content);
        }

        return packed.ToArray();
    }

    /// <summary>Numbers of 2, 4 and 8 bytes, one after the other.</summary>
    public static byte[] Numbers(params object[] values)
    {
        var bytes = new List<byte>();
        Put(bytes, values);
        return [.. bytes];
    }

    private void Add(ZipPart part)
    {
        var offset = _zip.Count;
        var data = part.Deflates ? Deflate(part.Content) : part.Content;
        var name = part.RawName ?? Encoding.UTF8.GetBytes(part.Name);
        var localName = part.LocalName is { } local ? Encoding.UTF8.GetBytes(local) : name;
        var method = (ushort)(part.Method >= 0 ? part.Method : part.Deflates ? 8 : 0);
        var packed = (uint)(part.PackedLength ?? data.Length);
        Put(_zip, 0x04034b50u, (ushort)20, (ushort)(part.LocalFlags ?? part.Flags), part.LocalMethod >= 0 ? (ushort)part.LocalMethod : method, 0u);
        Put(_zip, part.LocalCrc ?? part.Crc, (uint)(part.LocalPackedLength ?? packed), (uint)(part.LocalLength ?? part.Length));
        Put(_zip, (ushort)localName.Length, (ushort)part.LocalExtra.Length);
        _zip.AddRange(localName);
        _zip.AddRange(part.LocalExtra);
        _zip.AddRange(data);
        _zip.AddRange(part.Descriptor);

        Put(_directory, 0x02014b50u, (ushort)((3 << 8) | 20), (ushort)20, (ushort)part.Flags, method, 0u);
        Put(_directory, part.Crc, packed, (uint)part.Length, (ushort)name.Length, (ushort)part.Extra.Length, (ushort)0, (ushort)part.Disk, (ushort)0);
        Put(_directory, (uint)part.Mode << 16, (uint)(part.Offset ?? offset));
        _directory.AddRange(name);
        _directory.AddRange(part.Extra);
    }

    private void AddLargeEnd(uint start)
    {
        var record = (ulong)_zip.Count;
        var count = LargeEntries ?? (ulong)parts.Length;
        Put(_zip, 0x06064b50u, 44ul, (ushort)45, (ushort)45, 0u, 0u, count, count, (ulong)_directory.Count, LargeOffset ?? start);
        Put(_zip, 0x07064b50u, 0u, record, (uint)LargeDisks);
    }

    private static void Put(List<byte> target, params object[] values)
    {
        Span<byte> bytes = stackalloc byte[8];
        foreach (var value in values)
        {
            var size = value is ushort ? 2 : value is uint ? 4 : 8;
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, Convert.ToUInt64(value, null));
            target.AddRange(bytes[..size]);
        }
    }
}
