using System.Buffers;
using System.Collections.Immutable;
using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Skills.Messages;
using MessagePack;

namespace Luminarys.Runtime.Wasm.Commands;

/// <summary>Arguments of the callbacks that answer commands.</summary>
internal static class CallbackPayloads
{
    /// <summary>The outcome of one call of another skill.</summary>
    public static ReadOnlyMemory<byte> OfCall(ModuleCall call, string context, in CallOutcome outcome)
    {
        var buffer = new ArrayBufferWriter<byte>(outcome.Payload.Length + 128);
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(5);
        WriteText(ref writer, "skill_id"u8, call.Skill);
        WriteText(ref writer, "method"u8, call.Method);
        WriteText(ref writer, "call_ctx"u8, context);
        writer.WriteString("payload"u8);
        writer.Write(outcome.Payload.Span);
        WriteText(ref writer, "error"u8, outcome.Error);
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>The outcomes of a batch, by the guest's own index.</summary>
    public static ReadOnlyMemory<byte> OfBatch(string batch, ImmutableArray<(long Index, CallOutcome Outcome)> items)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(2);
        WriteText(ref writer, "batch_id"u8, batch);
        writer.WriteString("items"u8);
        writer.WriteArrayHeader(items.Length);
        foreach (var (index, outcome) in items.OrderBy(item => item.Index))
        {
            var hasPayload = outcome.Payload.Length > 0;
            var hasError = outcome.Error.Length > 0;
            writer.WriteMapHeader(1 + (hasPayload ? 1 : 0) + (hasError ? 1 : 0));
            writer.WriteString("index"u8);
            writer.Write(index);
            if (hasPayload)
            {
                writer.WriteString("payload"u8);
                writer.Write(outcome.Payload.Span);
            }

            if (hasError)
            {
                WriteText(ref writer, "error"u8, outcome.Error);
            }
        }

        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>A stored value, or that there is none.</summary>
    public static ReadOnlyMemory<byte> OfValue(string key, StoredValue found)
    {
        var buffer = new ArrayBufferWriter<byte>((found.Value?.Length ?? 0) + 64);
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(found.Fault is null ? 3 : 4);
        WriteText(ref writer, "key"u8, key);
        WriteRaw(ref writer, "value"u8, found.Value ?? default);
        writer.WriteString("found"u8);
        writer.Write(found.Value is not null);
        if (found.Fault is { } fault)
        {
            // Without it a skill would take "cannot be reached" for "was never stored", and begin anew.
            WriteText(ref writer, "error"u8, $"{fault.Error.ToCode()}: {fault.Message}");
        }

        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>What a skill told everybody.</summary>
    public static ReadOnlyMemory<byte> OfEvent(SkillEvent skillEvent)
    {
        var buffer = new ArrayBufferWriter<byte>(skillEvent.Payload.Length + 128);
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(3);
        WriteText(ref writer, "topic"u8, skillEvent.Topic);
        WriteRaw(ref writer, "payload"u8, skillEvent.Payload);
        WriteText(ref writer, "source"u8, skillEvent.Source.Value);
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteText(ref MessagePackWriter writer, ReadOnlySpan<byte> key, string value)
    {
        writer.WriteString(key);
        writer.Write(value);
    }

    // A value that the guest gave, as it gave it; nil for none. What came over the bus is not trusted to be one.
    private static void WriteRaw(ref MessagePackWriter writer, ReadOnlySpan<byte> key, ReadOnlyMemory<byte> value)
    {
        writer.WriteString(key);
        if (!value.IsEmpty && MessageGuard.FindFault(value.Span) is null)
        {
            writer.WriteRaw(value.Span);
        }
        else
        {
            writer.WriteNil();
        }
    }
}
