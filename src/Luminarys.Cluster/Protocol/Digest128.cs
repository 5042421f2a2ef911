using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Luminarys.Cluster.Protocol;

/// <summary>First 16 bytes of a SHA-256: names the content of a skill list or of a registry.</summary>
/// <param name="Value">The bytes as a big-endian number.</param>
internal readonly record struct Digest128(UInt128 Value)
{
    public const int Size = 16;

    public static Digest128 Of(IncrementalHash hash)
    {
        Span<byte> full = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(full);
        return Read(full);
    }

    public static Digest128 Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
