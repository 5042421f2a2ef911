using System.Buffers.Binary;

namespace Luminarys.Transport.Tcp.Relay;

/// <summary>Reads and writes messages: length (u16, big-endian, of what follows), type (u8), body; at most <see cref="MaxMessage"/> bytes each.</summary>
internal static class RelayWire
{
    /// <summary>Most bytes of a message, its length prefix included.</summary>
    public const int MaxMessage = 1024;

    /// <summary>Bytes of a nonce.</summary>
    public const int NonceSize = 32;

    private const int PrefixSize = sizeof(ushort);

    /// <summary>Begins every hello.</summary>
    public static ReadOnlySpan<byte> Magic => "LMR1"u8;

    /// <summary>Writes a message.</summary>
    public static ValueTask WriteAsync(Stream stream, RelayMessageType type, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var message = new byte[PrefixSize + 1 + body.Length];
        BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)(1 + body.Length));
        message[PrefixSize] = (byte)type;
        body.Span.CopyTo(message.AsSpan(PrefixSize + 1));
        return stream.WriteAsync(message, cancellationToken);
    }

    /// <summary>Reads a message; null when the stream ended or what came is none.</summary>
    public static async ValueTask<RelayMessage?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var prefix = new byte[PrefixSize];
        if (await stream.ReadAtLeastAsync(prefix, PrefixSize, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < PrefixSize)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(prefix);
        if (length is 0 or > MaxMessage - PrefixSize)
        {
            return null;
        }

        var message = new byte[length];
        return await stream.ReadAtLeastAsync(message, length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < length
            ? null
            : new RelayMessage((RelayMessageType)message[0], message.AsMemory(1));
    }
}
