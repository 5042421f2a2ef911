using System.Buffers;
using Luminarys.Invocations;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>
/// Calls, or frames of calls, that travel in one message of the bus: an array of the id of a call and a whole message in turns. Each is judged as if it had come by
/// itself, so the bundle has no envelope and proves nothing.
/// </summary>
internal static class Bundle
{
    /// <summary>Messages in a bundle, at most.</summary>
    public const int MaxMessages = 64;

    /// <summary>Bytes of the messages of a bundle, at most; less where the server takes no larger messages.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>What has more arguments, or a longer result, travels by itself.</summary>
    public const int MaxPayload = 4 * 1024;

    public static void Write(IBufferWriter<byte> output, IReadOnlyList<(CallId Id, ReadOnlyMemory<byte> Bytes)> messages)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(messages.Count * 2);
        foreach (var (id, bytes) in messages)
        {
            Wire.WriteId(ref writer, id);
            writer.Write(bytes.Span);
        }

        writer.Flush();
    }

    /// <summary>Takes a bundle apart; false when it is none. The messages are parts of it.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, out (CallId Id, ReadOnlyMemory<byte> Bytes)[] messages)
    {
        messages = [];
        try
        {
            var reader = new MessagePackReader(bytes);
            var count = reader.ReadArrayHeader();
            if (count is 0 or > MaxMessages * 2 || count % 2 != 0)
            {
                return false;
            }

            var read = new (CallId, ReadOnlyMemory<byte>)[count / 2];
            for (var i = 0; i < read.Length; i++)
            {
                var id = Wire.Id(ref reader);
                var length = (int)(reader.ReadBytes()?.Length ?? throw Wire.Invalid("bundle"));
                read[i] = (id, bytes[((int)reader.Consumed - length)..(int)reader.Consumed]);
            }

            messages = read;
            return reader.Consumed == bytes.Length;
        }
        catch (Exception exception) when (Wire.IsMalformed(exception))
        {
            return false;
        }
    }
}
