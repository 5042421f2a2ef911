using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Luminarys.Nodes;

namespace Luminarys.Invocations;

/// <summary>Name of one call: 16 bytes, ordered by time (UUID version 7, RFC 9562).</summary>
/// <param name="Value">The number.</param>
public readonly record struct CallId(Guid Value)
{
    /// <summary>Length of the binary form in bytes.</summary>
    public const int Size = 16;

    private const uint VersionBits = 0x7000;
    private const int VariantBits = 0x80;

    /// <summary>Makes a new id.</summary>
    public static CallId New(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        Span<byte> bytes = stackalloc byte[Size];
        RandomBytes.Fill(bytes);
        var random = BinaryPrimitives.ReadUInt16BigEndian(bytes) & 0x0FFFu;
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)time.GetUtcNow().ToUnixTimeMilliseconds() << 16) | VersionBits | random);
        bytes[8] = (byte)(VariantBits | (bytes[8] & 0x3F));
        return new(new Guid(bytes, bigEndian: true));
    }

    /// <summary>Reads the big-endian binary form; false when the length is not <see cref="Size"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out CallId id)
    {
        id = bytes.Length == Size ? new CallId(new Guid(bytes, bigEndian: true)) : default;
        return bytes.Length == Size;
    }

    /// <summary>Reads the text form; false when the text is not exactly what <see cref="ToString"/> writes, so that one id has one text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CallId id)
    {
        id = default;
        if (text is not { Length: 2 * Size } || text.AsSpan().ContainsAnyExcept(IdCharacters.LowerHexadecimal))
        {
            return false;
        }

        id = new CallId(Guid.ParseExact(text, "N"));
        return true;
    }

    /// <summary>Writes the big-endian binary form, <see cref="Size"/> bytes.</summary>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    public void Write(Span<byte> destination)
    {
        if (!Value.TryWriteBytes(destination, bigEndian: true, out _))
        {
            throw new ArgumentException($"A call id needs {Size} bytes.", nameof(destination));
        }
    }

    /// <summary>32 lower-case hexadecimal digits: one token of a bus subject.</summary>
    public override string ToString() => Value.ToString("N");
}
