using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Luminarys.Skills.Packages;

/// <summary>Reads a header piece by piece. Once a piece is missing, every further one is too.</summary>
internal ref struct HeaderReader(ReadOnlySpan<byte> header)
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private ReadOnlySpan<byte> _rest = header;

    /// <summary>Whether everything was read and nothing was missing.</summary>
    public bool IsComplete => _rest.IsEmpty && !HasFailed;

    public bool HasFailed { get; private set; }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (HasFailed || _rest.Length < count)
        {
            HasFailed = true;
            return default;
        }

        var bytes = _rest[..count];
        _rest = _rest[count..];
        return bytes;
    }

    public byte Byte() => Bytes(1) is [var value] ? value : default;

    public long Int64() => Bytes(sizeof(long)) is { Length: sizeof(long) } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;

    /// <summary>Length and digest of a section.</summary>
    public (uint Length, byte[] Digest) Section()
    {
        var length = Bytes(sizeof(uint));
        var digest = Bytes(SHA256.HashSizeInBytes);
        return (length.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(length), digest.ToArray());
    }

    /// <summary>Text without characters that would do something in a log or on a terminal.</summary>
    public string Text(int limit)
    {
        var prefix = Bytes(sizeof(ushort));
        var bytes = prefix.IsEmpty ? default : Bytes(BinaryPrimitives.ReadUInt16LittleEndian(prefix));
        if (bytes.Length == 0 || bytes.Length > limit)
        {
            HasFailed = true;
            return "";
        }

        try
        {
            var text = s_strict.GetString(bytes);
            HasFailed |= text.Any(IsUnsafe);
            return text;
        }
        catch (DecoderFallbackException)
        {
            HasFailed = true;
            return "";
        }
    }

    private static bool IsUnsafe(char character) => char.IsControl(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
