using System.Buffers;
using CsCheck;
using Luminarys.Cluster.Protocol;
using MessagePack;

namespace Luminarys.Cluster.Tests.Protocol;

public sealed class EnvelopeCodecTests
{
    [Fact]
    public void TryRead_RandomBytes_NeverThrows() =>
        Gen.Byte.Array[0, 200].Sample(
            bytes =>
            {
                if (EnvelopeCodec.TryRead(bytes, out var envelope) == EnvelopeStatus.Accepted)
                {
                    Bodies.TryAll(envelope);
                }
            },
            iter: 50_000);

    [Fact]
    public void TryRead_DamagedMessages_NeverThrows()
    {
        var messages = GoldenMessages.All.Values.ToArray();
        Gen.Select(Gen.Int[0, messages.Length - 1], Gen.Select(Gen.Int[0, 2000], Gen.Byte).List[1, 8], Gen.Int[0, 2000]).Sample(
            (index, damage, cut) =>
            {
                var bytes = messages[index].ToArray();
                foreach (var (at, value) in damage)
                {
                    bytes[at % bytes.Length] = value;
                }

                var damaged = cut < bytes.Length ? bytes[..cut] : bytes;
                if (EnvelopeCodec.TryRead(damaged, out var envelope) == EnvelopeStatus.Accepted)
                {
                    Bodies.TryAll(envelope);
                }
            },
            iter: 50_000);
    }

    [Fact]
    public void TryRead_EveryTruncation_IsMalformed()
    {
        foreach (var bytes in GoldenMessages.All.Values)
        {
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.Equal(EnvelopeStatus.Malformed, EnvelopeCodec.TryRead(bytes.AsMemory(0, length), out _));
            }
        }
    }

    [Fact]
    public void TryRead_TrailingByte_IsMalformed() =>
        Assert.Equal(EnvelopeStatus.Malformed, EnvelopeCodec.TryRead(GoldenMessages.All["ping"].Append((byte)0xc0).ToArray(), out _));

    [Fact]
    public void TryRead_DuplicateKey_IsMalformed()
    {
        Assert.Equal(EnvelopeStatus.Malformed, EnvelopeCodec.TryRead(WithField("seq", (ref MessagePackWriter writer) => writer.Write(1)), out _));

        // The same text with another length header is the same key.
        Assert.Equal(EnvelopeStatus.Malformed, EnvelopeCodec.TryRead(WithRaw([0xd9, 3, (byte)'s', (byte)'e', (byte)'q', 1]), out _));
    }

    [Fact]
    public void TryRead_UnknownField_IsSkipped()
    {
        var bytes = WithField("future", (ref MessagePackWriter writer) =>
        {
            writer.WriteArrayHeader(2);
            writer.Write("anything");
            writer.WriteMapHeader(0);
        });

        Assert.Equal(EnvelopeStatus.Accepted, EnvelopeCodec.TryRead(bytes, out var envelope));
        Assert.True(envelope.TryRead<EmptyMessage>(out _));
    }

    [Fact]
    public void TryRead_DepthOf16_IsTheLimit()
    {
        // The envelope's map is level 1.
        Assert.Equal(EnvelopeStatus.Accepted, EnvelopeCodec.TryRead(Nested(15), out _));
        Assert.Equal(EnvelopeStatus.Malformed, EnvelopeCodec.TryRead(Nested(16), out _));
        Assert.Equal(EnvelopeStatus.Malformed, EnvelopeCodec.TryRead(Nested(100_000), out _));
    }

    [Fact]
    public void TryRead_LengthBeyondTheBytes_IsMalformed()
    {
        Assert.Equal(EnvelopeStatus.Malformed, EnvelopeCodec.TryRead(WithRaw([0xa1, (byte)'z', 0xdd, 0x7f, 0xff, 0xff, 0xff]), out _));
        Assert.Equal(EnvelopeStatus.Malformed, EnvelopeCodec.TryRead(WithRaw([0xa1, (byte)'z', 0xdf, 0xff, 0xff, 0xff, 0xff]), out _));
        Assert.Equal(EnvelopeStatus.Malformed, EnvelopeCodec.TryRead(WithRaw([0xa1, (byte)'z', 0xc6, 0xff, 0xff, 0xff, 0xff]), out _));
    }

    [Fact]
    public void TryRead_ExtensionType_IsMalformed() =>
        Assert.Equal(EnvelopeStatus.Malformed, EnvelopeCodec.TryRead(WithRaw([0xa1, (byte)'z', 0xd4, 1, 0]), out _));

    [Fact]
    public void TryRead_KeyThatIsNoText_IsMalformed() =>
        Assert.Equal(EnvelopeStatus.Malformed, EnvelopeCodec.TryRead(WithRaw([1, 1]), out _));

    [Fact]
    public void TryRead_OtherMajor_IsUnsupported()
    {
        var bytes = GoldenMessages.All["ping"].ToArray();

        // Behind the map header come the key "v" and its value.
        Assert.Equal(1, bytes[3]);
        bytes[3] = 2;

        Assert.Equal(EnvelopeStatus.VersionUnsupported, EnvelopeCodec.TryRead(bytes, out var envelope));
        Assert.Equal("master", envelope.Source.Value);
    }

    [Theory]
    [InlineData("t")]
    [InlineData("cid")]
    [InlineData("src")]
    [InlineData("inst")]
    [InlineData("id")]
    [InlineData("b")]
    public void TryRead_FieldMissing_IsMalformed(string field)
    {
        var bytes = GoldenMessages.All["ping"].ToArray();

        // Renaming the key keeps the shape of the message.
        var at = bytes.AsSpan().IndexOf([(byte)(0xa0 + field.Length), .. System.Text.Encoding.ASCII.GetBytes(field)]);
        bytes[at + 1] = (byte)'~';

        Assert.Equal(EnvelopeStatus.Malformed, EnvelopeCodec.TryRead(bytes, out _));
    }

    private delegate void WriteField(ref MessagePackWriter writer);

    private static byte[] WithField(string key, WriteField write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.Write(key);
        write(ref writer);
        writer.Flush();
        return WithRaw(buffer.WrittenSpan);
    }

    // Adds a field to a message by counting one more in the header of its map.
    private static byte[] WithRaw(ReadOnlySpan<byte> field)
    {
        var bytes = GoldenMessages.All["ping-answer"];
        Assert.Equal(0x80, bytes[0] & 0xf0);
        return [(byte)(bytes[0] + 1), .. bytes.AsSpan(1), .. field];
    }

    private static byte[] Nested(int depth) => WithRaw([0xa1, (byte)'z', .. Enumerable.Repeat((byte)0x91, depth), 0xc0]);
}
