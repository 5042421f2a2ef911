using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Luminarys.Mcp.Tools;

/// <summary>
/// Cleans text that packages write and models read: what a person cannot see must not reach a model. Removed are control characters
/// except tab and line feed, format characters (bidirectional, zero-width, tags), line separators and variation selectors.
/// </summary>
internal static class ToolText
{
    private const int MaxDescriptionBytes = 4096;

    /// <summary>Removes what a person cannot see.</summary>
    public static string Clean(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsVisible(rune))
            {
                return Remove(text);
            }
        }

        return text;
    }

    /// <summary>Cleans a description and cuts it to 4 KiB of UTF-8 at a character's border.</summary>
    public static string CleanDescription(string text)
    {
        var clean = Clean(text);
        if (Encoding.UTF8.GetByteCount(clean) <= MaxDescriptionBytes)
        {
            return clean;
        }

        var bytes = 0;
        var length = 0;
        foreach (var rune in clean.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxDescriptionBytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return clean[..length];
    }

    /// <summary>Reads JSON with all its texts cleaned; null when it is not JSON.</summary>
    public static JsonElement? CleanJson(string json)
    {
        try
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer))
            {
                WriteClean(writer, JsonElement.Parse(json));
            }

            return JsonElement.Parse(buffer.WrittenSpan);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or half a surrogate pair inside it.
            return null;
        }
    }

    private static void WriteClean(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                writer.WriteStringValue(Clean(value.GetString()!));
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    WriteClean(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(Clean(member.Name));
                    WriteClean(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static string Remove(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsVisible(rune))
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString();
    }

    private static bool IsVisible(Rune rune)
    {
        if (rune.IsAscii)
        {
            return rune.Value is >= 0x20 and < 0x7f or '\t' or '\n';
        }

        // Variation selectors can carry any bytes behind one harmless letter.
        if (rune.Value is (>= 0xfe00 and <= 0xfe0f) or (>= 0xe0100 and <= 0xe01ef))
        {
            return false;
        }

        return Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
    }
}
