using System.Buffers.Binary;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>The checksum of zip files; the base library's is not public. Eight bytes a step.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Step = 8;

    private static readonly uint[][] s_tables = MakeTables();

    /// <summary>Continues a checksum, which begins with 0.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        crc = ~crc;
        for (; data.Length >= Step; data = data[Step..])
        {
            var low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(data);
            crc = s_tables[7][low & 0xFF] ^ s_tables[6][(low >> 8) & 0xFF] ^ s_tables[5][(low >> 16) & 0xFF] ^ s_tables[4][low >> 24]
                ^ s_tables[3][data[4]] ^ s_tables[2][data[5]] ^ s_tables[1][data[6]] ^ s_tables[0][data[7]];
        }

        foreach (var value in data)
        {
            crc = (crc >> 8) ^ s_tables[0][(crc ^ value) & 0xFF];
        }

        return ~crc;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[Step][];
        for (var table = 0; table < Step; table++)
        {
            tables[table] = new uint[256];
            for (uint value = 0; value < 256; value++)
            {
                tables[table][value] = table == 0 ? Divide(value) : (tables[table - 1][value] >> 8) ^ tables[0][tables[table - 1][value] & 0xFF];
            }
        }

        return tables;
    }

    private static uint Divide(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ Polynomial;
        }

        return value;
    }
}
