using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Archives;

/// <summary>Writes gzipped tar files block by block, also such that no program would write.</summary>
internal sealed class TarBytes
{
    private const int BlockSize = 512;
    private readonly List<byte> _tar = [];

    /// <summary>Whether the end mark is written.</summary>
    public bool HasEnd { get; init; } = true;

    public TarBytes File(string name, string content = "x", int mode = 0x1A4) => Add(name, '0', Encoding.UTF8.GetBytes(content), mode: mode);

    public TarBytes Directory(string name) => Add(name, '5', [], mode: 0x1ED);

    public TarBytes Link(char type, string name, string target) => Add(name, type, [], link: target);

    /// <summary>An extension header of the POSIX kind, with its records.</summary>
    public TarBytes Pax(params (string Key, string Value)[] records) => Pax('x', records);

    public TarBytes Pax(char type, params (string Key, string Value)[] records) => Add("pax", type, Encoding.UTF8.GetBytes(string.Concat(records.Select(Record))));

    /// <summary>Adds an entry whose header may lie.</summary>
    public TarBytes Add(
        string name, char type, byte[] content, int mode = 0x1A4, string link = "", long? size = null, string? sizeField = null, string prefix = "", bool hasChecksum = true)
    {
        var block = new byte[BlockSize];
        Encoding.UTF8.GetBytes(name).AsSpan().CopyTo(block);
        Write(block, 100, Octal(mode, 7));
        Write(block, 108, Octal(0, 7));
        Write(block, 116, Octal(0, 7));
        Write(block, 124, sizeField ?? Octal(size ?? content.Length, 11));
        Write(block, 136, Octal(0, 11));
        block[156] = (byte)type;
        Encoding.UTF8.GetBytes(link).AsSpan().CopyTo(block.AsSpan(157));
        Write(block, 257, "ustar\00000");
        Encoding.UTF8.GetBytes(prefix).AsSpan().CopyTo(block.AsSpan(345));
        block.AsSpan(148, 8).Fill((byte)' ');
        var sum = block.Sum(value => value);
        Write(block, 148, Octal(hasChecksum ? sum : sum + 1, 6) + "\0 ");
        return Raw(block).Raw(content).Raw(new byte[(BlockSize - (content.Length % BlockSize)) % BlockSize]);
    }

    /// <summary>Adds an entry whose length is given in binary.</summary>
    public TarBytes AddBinarySize(string name, ulong size, byte first = 0x80)
    {
        var field = new byte[12];
        field[0] = first;
        BinaryPrimitives.WriteUInt64BigEndian(field.AsSpan(4), size);
        return Add(name, '0', [], sizeField: Encoding.Latin1.GetString(field));
    }

    public TarBytes Raw(byte[] bytes)
    {
        _tar.AddRange(bytes);
        return this;
    }

    public byte[] Tar() => HasEnd ? [.. _tar, .. new byte[2 * BlockSize]] : [.. _tar];

    public byte[] Gzip() => Gzip(Tar());

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    private static string Record((string Key, string Value) record)
    {
        var length = Encoding.UTF8.GetByteCount(record.Key) + Encoding.UTF8.GetByteCount(record.Value) + 3;
        var digits = length.ToString(CultureInfo.InvariantCulture).Length;
        digits = (length + digits).ToString(CultureInfo.InvariantCulture).Length;
        return string.Create(CultureInfo.InvariantCulture, $"{length + digits} {record.Key}={record.Value}\n");
    }

    private static string Octal(long value, int digits) => Convert.ToString(value, 8).PadLeft(digits, '0');

    private static void Write(byte[] block, int at, string text) => Encoding.Latin1.GetBytes(text).AsSpan().CopyTo(block.AsSpan(at));
}
