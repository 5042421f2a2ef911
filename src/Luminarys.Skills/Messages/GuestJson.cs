using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MessagePack;

namespace Luminarys.Skills.Messages;

/// <summary>Any value from a guest as compact JSON text, and back. The message has passed <see cref="MessageGuard"/>, which bounds the recursion.</summary>
internal static class GuestJson
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads one value. Bytes become base64 text; numbers that JSON does not have become null.</summary>
    public static string Read(ref MessagePackReader reader)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            Copy(ref reader, json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes JSON text that <see cref="Read"/> made as a value, the members of objects in ordinal order; nil for null.</summary>
    public static void Write(ref MessagePackWriter writer, string? json)
    {
        if (json is null)
        {
            writer.WriteNil();
            return;
        }

        using var document = JsonDocument.Parse(json, new() { MaxDepth = 2 * MessageGuard.MaxDepth });
        Write(ref writer, document.RootElement);
    }

    private static void Write(ref MessagePackWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteMapHeader(value.EnumerateObject().Count());
                foreach (var property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    writer.Write(property.Name);
                    Write(ref writer, property.Value);
                }

                break;
            case JsonValueKind.Array:
                writer.WriteArrayHeader(value.GetArrayLength());
                foreach (var element in value.EnumerateArray())
                {
                    Write(ref writer, element);
                }

                break;
            case JsonValueKind.String:
                writer.Write(value.GetString());
                break;
            case JsonValueKind.Number:
                WriteNumber(ref writer, value);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.Write(value.GetBoolean());
                break;
            default:
                writer.WriteNil();
                break;
        }
    }

    private static void WriteNumber(ref MessagePackWriter writer, JsonElement value)
    {
        if (value.TryGetInt64(out var integer))
        {
            writer.Write(integer);
        }
        else if (value.TryGetUInt64(out var large))
        {
            writer.Write(large);
        }
        else
        {
            writer.Write(value.GetDouble());
        }
    }

    private static void Copy(ref MessagePackReader reader, Utf8JsonWriter json)
    {
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Integer when reader.NextCode == MessagePackCode.UInt64:
                json.WriteNumberValue(reader.ReadUInt64());
                break;
            case MessagePackType.Integer:
                json.WriteNumberValue(reader.ReadInt64());
                break;
            case MessagePackType.Float:
                CopyFloat(reader.ReadDouble(), json);
                break;
            case MessagePackType.Boolean:
                json.WriteBooleanValue(reader.ReadBoolean());
                break;
            case MessagePackType.String:
                json.WriteStringValue(GuestValue.ReadText(ref reader));
                break;
            case MessagePackType.Binary:
                json.WriteBase64StringValue(GuestValue.ReadBytes(ref reader).Span);
                break;
            case MessagePackType.Array:
                CopyArray(ref reader, json);
                break;
            case MessagePackType.Map:
                CopyMap(ref reader, json);
                break;
            default:
                reader.Skip();
                json.WriteNullValue();
                break;
        }
    }

    private static void CopyFloat(double value, Utf8JsonWriter json)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void CopyArray(ref MessagePackReader reader, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            Copy(ref reader, json);
        }

        json.WriteEndArray();
    }

    private static void CopyMap(ref MessagePackReader reader, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            json.WritePropertyName(Encoding.UTF8.GetString(GuestValue.ReadKey(ref reader)));
            Copy(ref reader, json);
        }

        json.WriteEndObject();
    }
}
