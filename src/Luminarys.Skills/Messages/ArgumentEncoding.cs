using System.Globalization;
using System.Text.Json;
using MessagePack;

namespace Luminarys.Skills.Messages;

/// <summary>One argument by its declared type. Guests decode strictly: integers are integers, other numbers are 64-bit floats.</summary>
internal static class ArgumentEncoding
{
    private const NumberStyles Whole = NumberStyles.AllowLeadingSign;
    private const NumberStyles Broken = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
    private const double FirstInexactInteger = 9007199254740992;

    /// <summary>Writes the value; answers what is wrong with it, or null. Nothing is written when something is wrong.</summary>
    public static string? Write(ref MessagePackWriter writer, SkillParameter declared, ArgumentValue value)
    {
        if (value.Bytes is { } bytes)
        {
            writer.Write(bytes.Span);
            return null;
        }

        return Find(declared, value.Json) is { } problem ? problem : WriteSound(ref writer, declared, value.Json);
    }

    // Looks first: half an array would leave the message in pieces.
    private static string? Find(SkillParameter declared, JsonElement value)
    {
        var text = TextOf(value);
        if (!declared.AllowedValues.IsDefaultOrEmpty && declared.Type is not (ParameterType.Array or ParameterType.Object) && !declared.AllowedValues.Contains(text))
        {
            return $"expected one of {string.Join(", ", declared.AllowedValues)}";
        }

        return declared.Type switch
        {
            ParameterType.Integer => Integer(text) is null && Unsigned(text) is null ? $"expected a whole number, not {text}" : null,
            ParameterType.Number => Number(text) is null ? $"expected a number, not {text}" : null,
            ParameterType.Boolean => text is "true" or "false" ? null : $"expected true or false, not {text}",
            ParameterType.Object => value.ValueKind == JsonValueKind.Object ? null : "expected a JSON object",
            ParameterType.Array when value.ValueKind != JsonValueKind.Array => "expected a JSON array",
            ParameterType.Array when declared.Items is { } items => value.EnumerateArray().Select(item => Find(items, item)).FirstOrDefault(fault => fault is not null),
            _ => null,
        };
    }

    private static string? WriteSound(ref MessagePackWriter writer, SkillParameter declared, JsonElement value)
    {
        switch (declared.Type)
        {
            case ParameterType.Integer when Integer(TextOf(value)) is { } integer:
                writer.Write(integer);
                break;
            case ParameterType.Integer:
                writer.Write(Unsigned(TextOf(value))!.Value);
                break;
            case ParameterType.Number:
                writer.Write(Number(TextOf(value))!.Value);
                break;
            case ParameterType.Boolean:
                writer.Write(TextOf(value) == "true");
                break;
            case ParameterType.Array when declared.Items is { } items:
                writer.WriteArrayHeader(value.GetArrayLength());
                foreach (var item in value.EnumerateArray())
                {
                    WriteSound(ref writer, items, item);
                }

                break;
            case ParameterType.Array or ParameterType.Object:
                GuestJson.Write(ref writer, value.GetRawText());
                break;
            default:
                writer.Write(TextOf(value));
                break;
        }

        return null;
    }

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static long? Integer(string text) =>
        long.TryParse(text, Whole, CultureInfo.InvariantCulture, out var integer) ? integer
        : Number(text) is { } number && Math.Abs(number) < FirstInexactInteger && number == Math.Truncate(number) ? (long)number
        : null;

    private static ulong? Unsigned(string text) => ulong.TryParse(text, Whole, CultureInfo.InvariantCulture, out var integer) ? integer : null;

    private static double? Number(string text) =>
        double.TryParse(text, Broken, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
