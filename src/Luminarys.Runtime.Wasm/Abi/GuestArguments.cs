using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Luminarys.Skills.Messages;
using MessagePack;

namespace Luminarys.Runtime.Wasm.Abi;

/// <summary>Makes the argument map of a call out of whatever a guest gave as the payload of a command.</summary>
internal static class GuestArguments
{
    /// <summary>The arguments of a call without any.</summary>
    public static ReadOnlyMemory<byte> None { get; } = new byte[] { 0x80 };

    /// <summary>Whether the bytes are exactly one well-formed map.</summary>
    public static bool IsMap(ReadOnlyMemory<byte> value) =>
        !value.IsEmpty && new MessagePackReader(value).NextMessagePackType == MessagePackType.Map && MessageGuard.FindFault(value.Span) is null;

    /// <summary>
    /// Reads one value: bytes hold an argument map, a map is one, nil is none, and anything else becomes the argument <c>payload</c>. Answers false
    /// for bytes that hold no map.
    /// </summary>
    /// <param name="value">One well-formed MessagePack value; empty for a payload that was left out.</param>
    /// <param name="arguments">The argument map; a part of the value where it can be.</param>
    public static bool TryRead(ReadOnlyMemory<byte> value, [NotNullWhen(true)] out ReadOnlyMemory<byte>? arguments)
    {
        var reader = new MessagePackReader(value);
        switch (value.IsEmpty ? MessagePackType.Nil : reader.NextMessagePackType)
        {
            case MessagePackType.Nil:
                arguments = None;
                return true;
            case MessagePackType.Map:
                arguments = value;
                return true;
            case MessagePackType.Binary:
                var bytes = GuestValue.ReadBytes(ref reader);
                arguments = bytes.IsEmpty ? None : IsMap(bytes) ? bytes : (ReadOnlyMemory<byte>?)null;
                return arguments is not null;
            default:
                arguments = Wrap(value.Span);
                return true;
        }
    }

    private static ReadOnlyMemory<byte> Wrap(ReadOnlySpan<byte> value)
    {
        var buffer = new ArrayBufferWriter<byte>(value.Length + 16);
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(1);
        writer.WriteString("payload"u8);
        writer.WriteRaw(value);
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
