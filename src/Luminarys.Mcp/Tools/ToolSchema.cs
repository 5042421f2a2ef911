using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Luminarys.Skills;

namespace Luminarys.Mcp.Tools;

/// <summary>Parameters → JSON Schema of a tool's input. All text in it is cleaned.</summary>
internal static class ToolSchema
{
    /// <summary>Name of the argument that selects the method of a whole-skill tool.</summary>
    public const string MethodArgument = "method";

    /// <summary>Name of the argument that holds the method's arguments in a whole-skill tool.</summary>
    public const string ArgumentsArgument = "arguments";

    /// <summary>Schema of one method's arguments.</summary>
    public static JsonElement OfMethod(ImmutableArray<SkillParameter> parameters) => Write(writer =>
    {
        foreach (var parameter in parameters)
        {
            writer.WritePropertyName(parameter.Name);
            WriteParameter(writer, parameter);
        }

        writer.WriteEndObject();
        var required = parameters.Where(parameter => parameter.IsRequired).Select(parameter => parameter.Name).ToList();
        if (required.Count > 0)
        {
            WriteTexts(writer, "required", required);
        }
    });

    /// <summary>Schema of a tool that stands for all methods of a skill.</summary>
    public static JsonElement OfSkill(IEnumerable<string> methods) => Write(writer =>
    {
        writer.WriteStartObject(MethodArgument);
        writer.WriteString("type", "string");
        writer.WriteString("description", "The method to call.");
        WriteTexts(writer, "enum", methods);
        writer.WriteEndObject();
        writer.WriteStartObject(ArgumentsArgument);
        writer.WriteString("type", "object");
        writer.WriteString("description", "The method's arguments.");
        writer.WriteEndObject();
        writer.WriteEndObject();
        WriteTexts(writer, "required", [MethodArgument]);
    });

    private static JsonElement Write(Action<Utf8JsonWriter> writeProperties)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "object");
            writer.WriteStartObject("properties");
            writeProperties(writer);
            writer.WriteBoolean("additionalProperties", false);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static void WriteParameter(Utf8JsonWriter writer, SkillParameter parameter)
    {
        writer.WriteStartObject();
        writer.WriteString("type", TypeName(parameter.Type));
        if (!string.IsNullOrEmpty(parameter.Description))
        {
            writer.WriteString("description", ToolText.CleanDescription(parameter.Description));
        }

        if (!parameter.AllowedValues.IsDefaultOrEmpty)
        {
            WriteAllowedValues(writer, parameter);
        }

        if (parameter.Items is not null)
        {
            writer.WritePropertyName("items");
            WriteParameter(writer, parameter.Items);
        }

        if (parameter.DefaultJson is not null && ToolText.CleanJson(parameter.DefaultJson) is { } defaultValue)
        {
            writer.WritePropertyName("default");
            defaultValue.WriteTo(writer);
        }

        if (parameter.ExampleJson is not null && ToolText.CleanJson(parameter.ExampleJson) is { } example)
        {
            writer.WriteStartArray("examples");
            example.WriteTo(writer);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    /// <summary>Allowed values come as texts; those of a number or a truth value are written as what they mean.</summary>
    private static void WriteAllowedValues(Utf8JsonWriter writer, SkillParameter parameter)
    {
        writer.WriteStartArray("enum");
        foreach (var value in parameter.AllowedValues)
        {
            if (parameter.Type != ParameterType.String && ToolText.CleanJson(value) is { } typed)
            {
                typed.WriteTo(writer);
            }
            else
            {
                writer.WriteStringValue(ToolText.Clean(value));
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static string TypeName(ParameterType type) => type switch
    {
        ParameterType.Integer => "integer",
        ParameterType.Number => "number",
        ParameterType.Boolean => "boolean",
        ParameterType.Object => "object",
        ParameterType.Array => "array",
        _ => "string",
    };
}
