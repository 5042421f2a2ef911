using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Luminarys.Nodes;

/// <summary>Random 128-bit name of one process start. It tells a restarted node from a twin with the same <see cref="NodeId"/>.</summary>
/// <param name="Value">The number; written as 32 lower-case hexadecimal digits.</param>
public readonly record struct InstanceId(UInt128 Value)
{
    /// <summary>Length of the binary form in bytes.</summary>
    public const int Size = 16;

    /// <summary>Makes a new id from the system's random source.</summary>
    public static InstanceId New()
    {
        Span<byte> bytes = stackalloc byte[Size];
        RandomNumberGenerator.Fill(bytes);
        return Read(bytes);
    }

    /// <summary>Reads the big-endian binary form.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than <see cref="Size"/> bytes.</exception>
    public static InstanceId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Writes the big-endian binary form, <see cref="Size"/> bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The destination is too small.</exception>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
