using System.Buffers;
using MessagePack;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>
/// What a connection tells its skill: data, or its end. Written with the keys of all guest languages; those that do not apply are empty, never nil.
/// </summary>
/// <param name="ConnectionId">The connection.</param>
/// <param name="Data">Bytes; empty at the end.</param>
/// <param name="Fault">Why the connection ended; null for data and for a WebSocket that was closed in order.</param>
internal sealed record ConnectionEvent(string ConnectionId, ReadOnlyMemory<byte> Data, NetworkFault? Fault)
{
    /// <summary>WebSocket only: <c>text</c>, <c>binary</c> or <c>close</c>.</summary>
    public string? MessageType { get; init; }

    /// <summary>WebSocket only: the peer's status, 1006 when there was none.</summary>
    public int CloseCode { get; init; }

    /// <summary>WebSocket only: the peer's reason.</summary>
    public string CloseText { get; init; } = "";

    private bool IsClose => MessageType == "close" ? Fault is null : Fault?.Kind == NetworkFault.Eof;

    private string Name => IsClose ? "close" : Fault is not null ? "error" : MessageType is null ? "data" : "message";

    /// <summary>The arguments of the callback.</summary>
    public ReadOnlyMemory<byte> ToPayload()
    {
        var buffer = new ArrayBufferWriter<byte>(Data.Length + 128);
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(MessageType is null ? 6 : 9);
        writer.WriteString("conn_id"u8);
        writer.Write(ConnectionId);
        writer.WriteString("event"u8);
        writer.Write(Name);
        writer.WriteString("data"u8);
        writer.Write(Data.Span);
        writer.WriteString("error_kind"u8);
        writer.Write(Fault?.Kind ?? "");
        writer.WriteString("error_msg"u8);
        writer.Write(Fault?.Text ?? "");
        writer.WriteString("error"u8);
        writer.Write(Fault?.Text ?? "");
        if (MessageType is not null)
        {
            writer.WriteString("message_type"u8);
            writer.Write(MessageType);
            writer.WriteString("close_code"u8);
            writer.Write(CloseCode);
            writer.WriteString("close_text"u8);
            writer.Write(CloseText);
        }

        writer.Flush();
        return buffer.WrittenMemory;
    }
}
