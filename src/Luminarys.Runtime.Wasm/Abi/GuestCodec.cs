using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Luminarys.Skills.Messages;
using MessagePack;

namespace Luminarys.Runtime.Wasm.Abi;

/// <summary>Requests to and answers from a guest, as MessagePack maps with text keys.</summary>
internal static class GuestCodec
{
    private const int Keys = 11;
    private const int IdLength = 32;

    /// <summary>
    /// Writes a request up to, and without, the bytes of its payload: the payload is the last value, so that it is copied straight into
    /// the guest's memory.
    /// </summary>
    public static void WriteRequestHead(IBufferWriter<byte> buffer, in GuestRequest request)
    {
        var invocation = request.Invocation;
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(Keys);
        writer.WriteString("version"u8);
        writer.Write(GuestAbi.Version);
        writer.WriteString("request_id"u8);
        writer.WriteStringHeader(IdLength);
        invocation.Id.Value.TryFormat(writer.GetSpan(IdLength), out _, "N");
        writer.Advance(IdLength);
        writer.WriteString("trace_id"u8);
        writer.Write(invocation.TraceId);
        writer.WriteString("session_id"u8);
        writer.Write(invocation.SessionId);
        writer.WriteString("llm_session_id"u8);
        writer.WriteString([]);
        writer.WriteString("method"u8);
        writer.Write(invocation.Method);
        writer.WriteString("skill_id"u8);
        writer.Write(invocation.Skill.Value);
        writer.WriteString("caller_id"u8);
        writer.Write(request.CallerId);
        writer.WriteString("deadline_ns"u8);
        writer.Write(request.DeadlineNanoseconds);
        writer.WriteString("state"u8);
        writer.Write(request.State.Span);
        writer.WriteString("payload"u8);
        writer.WriteBinHeader(invocation.Payload.Length);
        writer.Flush();
    }

    /// <summary>Reads an answer, or says what is wrong with it.</summary>
    public static bool TryReadResponse(ReadOnlyMemory<byte> message, out GuestResponse response, [NotNullWhen(false)] out string? fault)
    {
        response = default;
        fault = MessageGuard.FindFault(message.Span);
        if (fault is not null)
        {
            return false;
        }

        var reader = new MessagePackReader(message);
        if (reader.NextMessagePackType != MessagePackType.Map)
        {
            fault = "not a map";
            return false;
        }

        ReadOnlyMemory<byte> payload = default;
        ReadOnlyMemory<byte> state = default;
        var error = "";
        var context = "";
        ReadOnlyMemory<byte> commands = default;
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            var key = GuestValue.ReadKey(ref reader);
            if (key.SequenceEqual("payload"u8))
            {
                payload = GuestValue.ReadBytes(ref reader);
            }
            else if (key.SequenceEqual("state"u8))
            {
                state = GuestValue.ReadBytes(ref reader);
            }
            else if (key.SequenceEqual("error"u8))
            {
                error = GuestValue.ReadText(ref reader);
            }
            else if (key.SequenceEqual("llm_context"u8))
            {
                context = GuestValue.ReadText(ref reader);
            }
            else if (key.SequenceEqual("commands"u8) && reader.NextMessagePackType == MessagePackType.Array)
            {
                var start = (int)reader.Consumed;
                reader.Skip();
                commands = message[start..(int)reader.Consumed];
            }
            else
            {
                reader.Skip();
            }
        }

        response = new(payload, state, error, context, commands);
        return true;
    }
}
