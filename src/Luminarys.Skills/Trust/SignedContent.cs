using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Luminarys.Trust;

namespace Luminarys.Skills.Trust;

/// <summary>Bytes that a signature covers: a context, then fields whose lengths are written first, so that no two contents have the same bytes.</summary>
internal sealed class SignedContent
{
    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    public SignedContent(ReadOnlySpan<byte> context) => _buffer.Write(context);

    public void Number(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(sizeof(long)), value);
        _buffer.Advance(sizeof(long));
    }

    /// <summary>A moment in Unix seconds; the smallest number stands for none.</summary>
    public void Time(DateTimeOffset? value) => Number(value?.ToUnixTimeSeconds() ?? long.MinValue);

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Number(value.Length);
        _buffer.Write(value);
    }

    public void Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));

    public void Key(KeyId key) => Text(key.Hex);

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();
}
