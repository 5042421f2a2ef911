using System.Buffers;
using MessagePack;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>Answers of the TCP and WebSocket functions.</summary>
internal static class ConnectionAnswers
{
    public static void WriteEmpty(IBufferWriter<byte> target)
    {
        var writer = new MessagePackWriter(target);
        writer.WriteMapHeader(0);
        writer.Flush();
    }

    public static void WriteId(IBufferWriter<byte> target, string id)
    {
        var writer = new MessagePackWriter(target);
        writer.WriteMapHeader(1);
        writer.WriteString("conn_id"u8);
        writer.Write(id);
        writer.Flush();
    }

    public static void WriteData(IBufferWriter<byte> target, ReadOnlySpan<byte> data)
    {
        var writer = new MessagePackWriter(target);
        writer.WriteMapHeader(1);
        writer.WriteString("data"u8);
        writer.Write(data);
        writer.Flush();
    }
}
