using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Luminarys.Transfers;

/// <summary>SHA-256 of a file's content, or of its beginning.</summary>
/// <param name="High">The first 16 bytes, big-endian.</param>
/// <param name="Low">The other 16.</param>
public readonly record struct ContentHash(UInt128 High, UInt128 Low)
{
    /// <summary>Bytes of a hash.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    /// <summary>The hash of nothing.</summary>
    public static ContentHash OfNothing { get; } = Read(SHA256.HashData([]));

    /// <summary>Lowercase hexadecimal digits.</summary>
    public string Hex
    {
        get
        {
            Span<byte> bytes = stackalloc byte[Size];
            Write(bytes);
            return Convert.ToHexStringLower(bytes);
        }
    }

    /// <summary>Reads the first <see cref="Size"/> bytes.</summary>
    public static ContentHash Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));

    /// <summary>Writes <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[16..], Low);
    }

    /// <inheritdoc/>
    public override string ToString() => Hex;
}
