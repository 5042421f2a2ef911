using System.Buffers;
using System.Globalization;
using MessagePack;

namespace Luminarys.Cluster.Tests.Support;

/// <summary>Makes hostile MessagePack of honest messages: damaged bytes, and well-formed maps with fields gone, doubled, swapped or of another type.</summary>
internal sealed class WireFuzzer(int seed)
{
    private const int MaxDepth = 5;
    private readonly Random _random = new(seed);

    /// <summary>How long a fuzz test may take: LUMINARYS_FUZZ_SECONDS, or a second.</summary>
    public static TimeSpan Limit { get; } =
        TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("LUMINARYS_FUZZ_SECONDS") ?? "1", CultureInfo.InvariantCulture));

    public int Seed { get; } = seed;

    public byte[] Next(byte[] good) => _random.Next(8) switch
    {
        0 => Noise(_random.Next(64)),
        1 or 2 or 3 => Damaged(good),
        _ => Rebuilt(good),
    };

    public byte[] Damaged(byte[] good)
    {
        var bytes = new List<byte>(good);
        for (var changes = _random.Next(1, 6); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = _random.Next(bytes.Count);
            switch (_random.Next(6))
            {
                case 0: bytes[at] ^= (byte)(1 << _random.Next(8)); break;
                case 1: bytes[at] = (byte)_random.Next(256); break;
                case 2: bytes[at] = (byte)_random.Next(0xc0, 0xe0); break;
                case 3: bytes.RemoveRange(at, Math.Min(_random.Next(9), bytes.Count - at)); break;
                case 4: bytes.InsertRange(at, Noise(_random.Next(9))); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }

        return [.. bytes];
    }

    /// <summary>A map like the good one, with some of its fields changed.</summary>
    public byte[] Rebuilt(byte[] good)
    {
        var fields = Fields(good);
        for (var changes = _random.Next(1, 4); changes > 0 && fields.Count > 0; changes--)
        {
            var at = _random.Next(fields.Count);
            switch (_random.Next(6))
            {
                case 0: fields.RemoveAt(at); break;
                case 1: fields.Insert(at, fields[_random.Next(fields.Count)]); break;
                case 2: fields[at] = (fields[at].Key, fields[_random.Next(fields.Count)].Value); break;
                case 3: fields.Add(($"x{_random.Next()}", Value(0))); break;
                default: fields[at] = (fields[at].Key, Value(0)); break;
            }
        }

        return Join(fields);
    }

    public static List<(string Key, byte[] Value)> Fields(ReadOnlyMemory<byte> map)
    {
        var reader = new MessagePackReader(map);
        var fields = new List<(string, byte[])>();
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            var key = reader.ReadString()!;
            var start = (int)reader.Consumed;
            reader.Skip();
            fields.Add((key, map[start..(int)reader.Consumed].ToArray()));
        }

        return fields;
    }

    public static byte[] Join(IReadOnlyCollection<(string Key, byte[] Value)> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(fields.Count);
        foreach (var (key, value) in fields)
        {
            writer.Write(key);
            writer.WriteRaw(value);
        }

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private byte[] Noise(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    private byte[] Value(int depth)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        switch (_random.Next(depth < MaxDepth ? 11 : 8))
        {
            case 0: writer.WriteNil(); break;
            case 1: writer.Write(_random.Next(2) == 0); break;
            case 2: writer.Write(_random.NextInt64(long.MinValue, long.MaxValue)); break;
            case 3: writer.Write(ulong.MaxValue - (ulong)_random.Next(3)); break;
            case 4: writer.Write(_random.NextDouble()); break;
            case 5: writer.Write(new string((char)_random.Next(0x20, 0x500), _random.Next(80))); break;
            case 6: writer.Write(Noise(_random.Next(40))); break;
            case 7: writer.Write(_random.Next(-2, 20)); break;
            case 8:
                var count = _random.Next(4);
                writer.WriteArrayHeader(count);
                for (; count > 0; count--)
                {
                    writer.WriteRaw(Value(depth + 1));
                }

                break;
            case 9:
                writer.WriteMapHeader(1);
                writer.Write("k");
                writer.WriteRaw(Value(depth + 1));
                break;
            default:
                // A length that is not there.
                writer.WriteRaw([0xdd, 0xff, 0xff, 0xff, 0xff]);
                break;
        }

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
