using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Luminarys.Skills;
using MessagePack;

namespace Luminarys.Mcp.Arguments;

/// <summary>
/// One JSON value → MessagePack, by declared type. Guests decode strictly: integers are integers, other numbers are 64-bit floats (a guest
/// exists that loses its place after a 32-bit one), text is valid UTF-8.
/// </summary>
internal static class ValueEncoder
{
    /// <summary>How deep values may nest, the argument map included.</summary>
    public const int MaxDepth = 32;

    private const double FirstInexactInteger = 9007199254740992;
    private const NumberStyles IntegerText = NumberStyles.AllowLeadingSign;
    private const NumberStyles NumberText = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
    private const string TooDeep = "nested too deeply";
    private const string NotUnicode = "text that is not valid Unicode";

    /// <summary>Writes the value; answers what is wrong with it, or null.</summary>
    /// <exception cref="InvalidOperationException">The value holds an escaped half of a surrogate pair.</exception>
    public static string? Write(ref MessagePackWriter writer, SkillParameter declared, JsonElement value) =>
        WriteDeclared(ref writer, declared, value, depth: 2);

    private static string? WriteDeclared(ref MessagePackWriter writer, SkillParameter declared, JsonElement value, int depth)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return "null inside a list";
        }

        if (!declared.AllowedValues.IsDefaultOrEmpty && !IsAllowed(declared, value))
        {
            return $"expected one of {string.Join(", ", declared.AllowedValues)}";
        }

        return declared.Type switch
        {
            ParameterType.Integer => WriteInteger(ref writer, value),
            ParameterType.Number => WriteNumber(ref writer, value),
            ParameterType.Boolean => WriteBoolean(ref writer, value),
            ParameterType.Array => value.ValueKind == JsonValueKind.Array
                ? WriteArray(ref writer, value, declared.Items, depth)
                : "expected an array",
            ParameterType.Object => value.ValueKind == JsonValueKind.Object
                ? WriteObject(ref writer, value, depth)
                : "expected an object",
            _ => WriteText(ref writer, value),
        };
    }

    private static bool IsAllowed(SkillParameter declared, JsonElement value)
    {
        foreach (var allowed in declared.AllowedValues)
        {
            if (value.ValueKind == JsonValueKind.String ? value.ValueEquals(allowed) : value.GetRawText() == allowed)
            {
                return true;
            }
        }

        return declared.Type is ParameterType.Array or ParameterType.Object;
    }

    private static string? WriteInteger(ref MessagePackWriter writer, JsonElement value)
    {
        const string Expected = "expected a whole number";
        if (value.ValueKind == JsonValueKind.Number)
        {
            return TryWriteInteger(ref writer, value) || (value.TryGetDouble(out var number) && TryWriteIntegral(ref writer, number))
                ? null
                : Expected;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return Expected;
        }

        var text = value.GetString();
        if (long.TryParse(text, IntegerText, CultureInfo.InvariantCulture, out var signed))
        {
            writer.Write(signed);
            return null;
        }

        if (ulong.TryParse(text, IntegerText, CultureInfo.InvariantCulture, out var unsigned))
        {
            writer.Write(unsigned);
            return null;
        }

        return double.TryParse(text, NumberText, CultureInfo.InvariantCulture, out var parsed) && TryWriteIntegral(ref writer, parsed)
            ? null
            : Expected;
    }

    private static bool TryWriteInteger(ref MessagePackWriter writer, JsonElement value)
    {
        if (value.TryGetInt64(out var signed))
        {
            writer.Write(signed);
            return true;
        }

        if (value.TryGetUInt64(out var unsigned))
        {
            writer.Write(unsigned);
            return true;
        }

        return false;
    }

    /// <summary>3.0 is 3; from 2⁵³ on a float no longer says which integer was meant.</summary>
    private static bool TryWriteIntegral(ref MessagePackWriter writer, double value)
    {
        if (Math.Abs(value) >= FirstInexactInteger || value != Math.Truncate(value))
        {
            return false;
        }

        writer.Write((long)value);
        return true;
    }

    private static string? WriteNumber(ref MessagePackWriter writer, JsonElement value)
    {
        double number = 0;
        var isNumber = value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetDouble(out number),
            JsonValueKind.String => double.TryParse(value.GetString(), NumberText, CultureInfo.InvariantCulture, out number),
            _ => false,
        };
        if (!isNumber || !double.IsFinite(number))
        {
            return "expected a number";
        }

        writer.Write(number);
        return null;
    }

    private static string? WriteBoolean(ref MessagePackWriter writer, JsonElement value)
    {
        bool? truth = value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when value.ValueEquals("true"u8) => true,
            JsonValueKind.String when value.ValueEquals("false"u8) => false,
            JsonValueKind.Number when value.TryGetInt64(out var number) && number is 0 or 1 => number == 1,
            _ => null,
        };
        if (truth is null)
        {
            return "expected true or false";
        }

        writer.Write(truth.Value);
        return null;
    }

    /// <summary>Text as it is; any other value as its JSON text.</summary>
    private static string? WriteText(ref MessagePackWriter writer, JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        return value.ValueKind != JsonValueKind.String ? WriteUtf8(ref writer, raw)
            : raw.Contains((byte)'\\') ? WriteUnescaped(ref writer, raw)
            : WriteUtf8(ref writer, raw[1..^1]);
    }

    /// <summary>From bytes to bytes: a text of many lines would otherwise be copied into a string and back.</summary>
    private static string? WriteUnescaped(ref MessagePackWriter writer, ReadOnlySpan<byte> quoted)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(quoted.Length);
        try
        {
            var reader = new Utf8JsonReader(quoted);
            reader.Read();
            return WriteUtf8(ref writer, buffer.AsSpan(0, reader.CopyString(buffer)));
        }
        catch (JsonException)
        {
            return NotUnicode;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string? WriteUtf8(ref MessagePackWriter writer, ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
        {
            return NotUnicode;
        }

        writer.WriteString(text);
        return null;
    }

    private static string? WriteAny(ref MessagePackWriter writer, JsonElement value, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return WriteObject(ref writer, value, depth);
            case JsonValueKind.Array:
                return WriteArray(ref writer, value, items: null, depth);
            case JsonValueKind.String:
                return WriteText(ref writer, value);
            case JsonValueKind.Number:
                return TryWriteInteger(ref writer, value) ? null : WriteNumber(ref writer, value);
            case JsonValueKind.True or JsonValueKind.False:
                writer.Write(value.ValueKind == JsonValueKind.True);
                return null;
            default:
                writer.WriteNil();
                return null;
        }
    }

    private static string? WriteArray(ref MessagePackWriter writer, JsonElement value, SkillParameter? items, int depth)
    {
        if (depth > MaxDepth)
        {
            return TooDeep;
        }

        writer.WriteArrayHeader(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            var problem = items is null
                ? WriteAny(ref writer, item, depth + 1)
                : WriteDeclared(ref writer, items, item, depth + 1);
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private static string? WriteObject(ref MessagePackWriter writer, JsonElement value, int depth)
    {
        if (depth > MaxDepth)
        {
            return TooDeep;
        }

        var count = value.GetPropertyCount();
        if (MemberNames.FindRepeated(value, count) is { } name)
        {
            return $"the name {ArgumentEncoder.Shorten(name)} is given twice";
        }

        writer.WriteMapHeader(count);
        foreach (var member in value.EnumerateObject())
        {
            var problem = WriteName(ref writer, member) ?? WriteAny(ref writer, member.Value, depth + 1);
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private static string? WriteName(ref MessagePackWriter writer, JsonProperty member)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(member);
        return raw.Contains((byte)'\\') ? WriteUtf8(ref writer, Encoding.UTF8.GetBytes(member.Name)) : WriteUtf8(ref writer, raw);
    }
}
