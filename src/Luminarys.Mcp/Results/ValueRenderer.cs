using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using MessagePack;

namespace Luminarys.Mcp.Results;

/// <summary>
/// The MessagePack that a guest returned → text and JSON. A guest may return any bytes: whatever they are, the answer is a value or a
/// problem, never an exception.
/// </summary>
internal static class ValueRenderer
{
    /// <summary>Largest result in bytes, before rendering, and after it unless it is stored.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>What <see cref="TryRender"/> says of a result that may be stored instead.</summary>
    public const string TooLarge = "it is too large";

    /// <summary>Largest rendered result that is stored: escaped text is up to six times its size.</summary>
    private const long MaxStoredBytes = 8L * MaxBytes;

    /// <summary>How deep a result may nest.</summary>
    public const int MaxDepth = 32;

    private const string Malformed = "it is not valid MessagePack";

    private static readonly JsonWriterOptions s_json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>
    /// Renders a return value. An array's structured form is <c>{"items":[…]}</c> unless <paramref name="bareArrays"/>.
    /// </summary>
    /// <returns>What is wrong with the bytes; null when <paramref name="value"/> is set.</returns>
    public static string? TryRender(ReadOnlyMemory<byte> payload, bool bareArrays, out RenderedValue value, int maxBytes = MaxBytes)
    {
        value = new("", null);
        if (payload.IsEmpty)
        {
            return null;
        }

        if (payload.Length > maxBytes)
        {
            return TooLarge;
        }

        try
        {
            var reader = new MessagePackReader(payload);
            var problem = Render(ref reader, bareArrays, maxBytes, ref value);
            return problem is null && !reader.End ? "bytes follow it" : problem;
        }
        catch (Exception e) when (IsMalformed(e))
        {
            return Malformed;
        }
    }

    /// <summary>Writes a return value that is too large to be answered: text and bytes as they are, everything else as JSON.</summary>
    /// <returns>What is wrong with it; null when it was written.</returns>
    public static string? TryWrite(ReadOnlyMemory<byte> payload, IBufferWriter<byte> target, out string mediaType)
    {
        mediaType = "application/json";
        try
        {
            var reader = new MessagePackReader(payload);
            switch (reader.NextMessagePackType)
            {
                case MessagePackType.String:
                    mediaType = "text/plain; charset=utf-8";
                    target.Write(ReadText(ref reader));
                    break;
                case MessagePackType.Binary:
                    mediaType = "application/octet-stream";
                    target.Write(ReadBytes(ref reader));
                    break;
                default:
                    using (var writer = new Utf8JsonWriter(target, s_json))
                    {
                        if (WriteValue(ref reader, writer, MaxStoredBytes, depth: 1) is { } problem)
                        {
                            return problem;
                        }
                    }

                    break;
            }

            return reader.End ? null : "bytes follow it";
        }
        catch (Exception e) when (IsMalformed(e))
        {
            return Malformed;
        }
    }

    private static string? Render(ref MessagePackReader reader, bool bareArrays, int maxBytes, ref RenderedValue value)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.String:
                value = new(Encoding.UTF8.GetString(ReadText(ref reader)), null);
                return null;
            case MessagePackType.Binary:
                var bytes = ReadBytes(ref reader);
                value = new(Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Convert.ToBase64String(bytes), null);
                return null;
            case MessagePackType.Nil:
                reader.ReadNil();
                return null;
            default:
                return RenderJson(ref reader, bareArrays, maxBytes, ref value);
        }
    }

    // The reader has one exception for each way to be wrong: a length from 2³¹ on is an argument out of range.
    private static bool IsMalformed(Exception exception) =>
        exception is MessagePackSerializationException or EndOfStreamException or OverflowException or ArgumentOutOfRangeException;

    private static string? RenderJson(ref MessagePackReader reader, bool bareArrays, int maxBytes, ref RenderedValue value)
    {
        var buffer = ScratchBuffer.Rent();
        try
        {
            using var writer = new Utf8JsonWriter(buffer, s_json);
            var type = reader.NextMessagePackType;
            if (type == MessagePackType.Array)
            {
                writer.WriteStartObject();
                writer.WritePropertyName("items"u8);
            }

            if (WriteValue(ref reader, writer, maxBytes, depth: 1) is { } problem)
            {
                return problem;
            }

            if (type == MessagePackType.Array)
            {
                writer.WriteEndObject();
            }

            writer.Flush();
            value = ToRendered(buffer.WrittenSpan, type, bareArrays);
            return null;
        }
        finally
        {
            ScratchBuffer.Return(buffer);
        }
    }

    private static RenderedValue ToRendered(ReadOnlySpan<byte> written, MessagePackType type, bool bareArrays)
    {
        var json = type == MessagePackType.Array ? written["""{"items":""".Length..^1] : written;
        var text = Encoding.UTF8.GetString(json);
        return type is MessagePackType.Array or MessagePackType.Map
            ? new(text, JsonElement.Parse(bareArrays ? json : written))
            : new(text, null);
    }

    private static string? WriteValue(ref MessagePackReader reader, Utf8JsonWriter writer, long maxBytes, int depth)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Array:
                return WriteArray(ref reader, writer, maxBytes, depth);
            case MessagePackType.Map:
                return WriteMap(ref reader, writer, maxBytes, depth);
            case MessagePackType.Integer:
                WriteInteger(ref reader, writer);
                return null;
            case MessagePackType.Float:
                WriteFloat(reader.ReadDouble(), writer);
                return null;
            case MessagePackType.Boolean:
                writer.WriteBooleanValue(reader.ReadBoolean());
                return null;
            case MessagePackType.String:
                WriteText(ReadText(ref reader), writer);
                return null;
            case MessagePackType.Binary:
                WriteBytes(ReadBytes(ref reader), writer);
                return null;
            case MessagePackType.Nil:
                reader.ReadNil();
                writer.WriteNullValue();
                return null;
            default:
                return "it holds an extension type";
        }
    }

    private static string? WriteArray(ref MessagePackReader reader, Utf8JsonWriter writer, long maxBytes, int depth)
    {
        if (FindLimit(writer, maxBytes, depth) is { } limit)
        {
            return limit;
        }

        writer.WriteStartArray();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            if (WriteValue(ref reader, writer, maxBytes, depth + 1) is { } problem)
            {
                return problem;
            }
        }

        writer.WriteEndArray();
        return FindLimit(writer, maxBytes, depth);
    }

    private static string? WriteMap(ref MessagePackReader reader, Utf8JsonWriter writer, long maxBytes, int depth)
    {
        if (FindLimit(writer, maxBytes, depth) is { } limit)
        {
            return limit;
        }

        writer.WriteStartObject();
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            if (WriteKey(ref reader, writer) is { } badKey)
            {
                return badKey;
            }

            if (WriteValue(ref reader, writer, maxBytes, depth + 1) is { } problem)
            {
                return problem;
            }
        }

        writer.WriteEndObject();
        return FindLimit(writer, maxBytes, depth);
    }

    private static string? FindLimit(Utf8JsonWriter writer, long maxBytes, int depth) =>
        depth > MaxDepth ? "it is nested too deeply"
        : writer.BytesCommitted + writer.BytesPending > maxBytes ? TooLarge
        : null;

    private static string? WriteKey(ref MessagePackReader reader, Utf8JsonWriter writer)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.String:
                var name = ReadText(ref reader);
                if (Utf8.IsValid(name))
                {
                    writer.WritePropertyName(name);
                }
                else
                {
                    writer.WritePropertyName(Encoding.UTF8.GetString(name));
                }

                return null;
            case MessagePackType.Integer:
                writer.WritePropertyName(reader.NextCode == MessagePackCode.UInt64
                    ? reader.ReadUInt64().ToString(CultureInfo.InvariantCulture)
                    : reader.ReadInt64().ToString(CultureInfo.InvariantCulture));
                return null;
            default:
                return "it holds a map whose keys are not text";
        }
    }

    private static void WriteInteger(ref MessagePackReader reader, Utf8JsonWriter writer)
    {
        if (reader.NextCode == MessagePackCode.UInt64)
        {
            writer.WriteNumberValue(reader.ReadUInt64());
        }
        else
        {
            writer.WriteNumberValue(reader.ReadInt64());
        }
    }

    /// <summary>JSON has no name for what is not a number: it becomes text.</summary>
    private static void WriteFloat(double value, Utf8JsonWriter writer)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void WriteText(ReadOnlySpan<byte> text, Utf8JsonWriter writer)
    {
        if (Utf8.IsValid(text))
        {
            writer.WriteStringValue(text);
        }
        else
        {
            writer.WriteStringValue(Encoding.UTF8.GetString(text));
        }
    }

    private static void WriteBytes(ReadOnlySpan<byte> bytes, Utf8JsonWriter writer)
    {
        if (Utf8.IsValid(bytes))
        {
            writer.WriteStringValue(bytes);
        }
        else
        {
            writer.WriteBase64StringValue(bytes);
        }
    }

    private static ReadOnlySpan<byte> ReadText(ref MessagePackReader reader) =>
        reader.TryReadStringSpan(out var text) ? text : reader.ReadStringSequence() is { } parts ? parts.ToArray() : [];

    private static ReadOnlySpan<byte> ReadBytes(ref MessagePackReader reader) =>
        reader.ReadBytes() is { } bytes ? bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray() : [];
}
