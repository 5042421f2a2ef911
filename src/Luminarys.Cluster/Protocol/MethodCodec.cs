using System.Collections.Immutable;
using Luminarys.Skills;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>Methods and parameters to bytes and back.</summary>
internal static class MethodCodec
{
    // Keeps the deepest list element within the depth that receivers accept; below it an element's type counts as unknown.
    private const int MaxItems = 4;

    public static void Write(ref MessagePackWriter writer, SkillMethod method)
    {
        writer.WriteMapHeader(5);
        writer.Write("name");
        writer.Write(method.Name);
        writer.Write("desc");
        writer.Write(method.Description);
        writer.Write("hidden");
        writer.Write(method.IsHidden);
        writer.Write("callback");
        writer.Write(method.IsCallback);
        writer.Write("params");
        writer.WriteArrayHeader(method.Parameters.Length);
        foreach (var parameter in method.Parameters)
        {
            WriteParameter(ref writer, parameter, 0);
        }
    }

    public static SkillMethod Read(ref MessagePackReader reader)
    {
        var method = new SkillMethod("", "", []);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "name": method = method with { Name = Wire.Text(ref reader) }; break;
                case "desc": method = method with { Description = Wire.Text(ref reader) }; break;
                case "hidden": method = method with { IsHidden = reader.ReadBoolean() }; break;
                case "callback": method = method with { IsCallback = reader.ReadBoolean() }; break;
                case "params": method = method with { Parameters = ReadParameters(ref reader) }; break;
                default: reader.Skip(); break;
            }
        }

        return method;
    }

    private static void WriteParameter(ref MessagePackWriter writer, SkillParameter parameter, int depth)
    {
        var items = depth < MaxItems ? parameter.Items : null;
        writer.WriteMapHeader(
            5 + (items is null ? 0 : 1) + (parameter.DefaultJson is null ? 0 : 1) + (parameter.ExampleJson is null ? 0 : 1));
        writer.Write("name");
        writer.Write(parameter.Name);
        writer.Write("type");
        writer.Write(TypeName(parameter.Type));
        writer.Write("desc");
        writer.Write(parameter.Description);
        writer.Write("req");
        writer.Write(parameter.IsRequired);
        writer.Write("enum");
        Wire.WriteTexts(ref writer, parameter.AllowedValues);
        if (items is not null)
        {
            writer.Write("items");
            WriteParameter(ref writer, items, depth + 1);
        }

        if (parameter.DefaultJson is { } value)
        {
            writer.Write("def");
            writer.Write(value);
        }

        if (parameter.ExampleJson is { } example)
        {
            writer.Write("ex");
            writer.Write(example);
        }
    }

    private static ImmutableArray<SkillParameter> ReadParameters(ref MessagePackReader reader)
    {
        var parameters = ImmutableArray.CreateBuilder<SkillParameter>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            parameters.Add(ReadParameter(ref reader));
        }

        return parameters.DrainToImmutable();
    }

    private static SkillParameter ReadParameter(ref MessagePackReader reader)
    {
        var parameter = new SkillParameter("", ParameterType.String, "", false, []);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "name": parameter = parameter with { Name = Wire.Text(ref reader) }; break;
                case "type": parameter = parameter with { Type = TypeOf(Wire.Text(ref reader)) }; break;
                case "desc": parameter = parameter with { Description = Wire.Text(ref reader) }; break;
                case "req": parameter = parameter with { IsRequired = reader.ReadBoolean() }; break;
                case "enum": parameter = parameter with { AllowedValues = Wire.Texts(ref reader) }; break;
                case "items": parameter = parameter with { Items = ReadParameter(ref reader) }; break;
                case "def": parameter = parameter with { DefaultJson = Wire.Text(ref reader) }; break;
                case "ex": parameter = parameter with { ExampleJson = Wire.Text(ref reader) }; break;
                default: reader.Skip(); break;
            }
        }

        return parameter;
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

    private static ParameterType TypeOf(string name) => name switch
    {
        "integer" => ParameterType.Integer,
        "number" => ParameterType.Number,
        "boolean" => ParameterType.Boolean,
        "object" => ParameterType.Object,
        "array" => ParameterType.Array,
        _ => ParameterType.String,
    };
}
