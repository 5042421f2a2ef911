using System.Buffers;
using System.Collections.Immutable;
using Luminarys.Skills.Messages;
using MessagePack;

namespace Luminarys.Skills.Descriptors;

/// <summary>
/// The one form in which a package holds a descriptor: every key, in a fixed order, integers in their shortest form. Two descriptors mean the same exactly if these bytes
/// are equal, whatever the encoder of the guest was.
/// </summary>
public static class CanonicalDescriptor
{
    /// <summary>Writes a descriptor.</summary>
    public static byte[] Write(SkillDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        var buffer = new ArrayBufferWriter<byte>(1024);
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(7);
        WriteText(ref writer, "skill_id", descriptor.Package.ToString());
        WriteText(ref writer, "skill_name", descriptor.Name);
        WriteText(ref writer, "skill_version", descriptor.Version);
        WriteText(ref writer, "description", descriptor.Description);
        writer.Write("sdk_version");
        writer.Write(descriptor.SdkVersion);
        WriteMethods(ref writer, descriptor.Methods);
        WriteRequirements(ref writer, descriptor.Requirements);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteMethods(ref MessagePackWriter writer, ImmutableArray<SkillMethod> methods)
    {
        writer.Write("methods");
        writer.WriteArrayHeader(methods.Length);
        foreach (var method in methods)
        {
            writer.WriteMapHeader(5);
            WriteText(ref writer, "name", method.Name);
            WriteText(ref writer, "description", method.Description);
            writer.Write("params");
            writer.WriteArrayHeader(method.Parameters.Length);
            foreach (var parameter in method.Parameters)
            {
                WriteParameter(ref writer, parameter);
            }

            WriteFlag(ref writer, "mcp_hidden", method.IsHidden);
            WriteFlag(ref writer, "private_callback", method.IsCallback);
        }
    }

    // The recursion is as deep as what was read, which MessageGuard bounds.
    private static void WriteParameter(ref MessagePackWriter writer, SkillParameter parameter)
    {
        writer.WriteMapHeader(8);
        WriteText(ref writer, "name", parameter.Name);
        WriteText(ref writer, "type", NameOf(parameter.Type));
        WriteText(ref writer, "description", parameter.Description);
        WriteFlag(ref writer, "required", parameter.IsRequired);
        writer.Write("enum");
        writer.WriteArrayHeader(parameter.AllowedValues.Length);
        foreach (var value in parameter.AllowedValues)
        {
            writer.Write(value);
        }

        writer.Write("items");
        if (parameter.Items is { } items)
        {
            WriteParameter(ref writer, items);
        }
        else
        {
            writer.WriteNil();
        }

        writer.Write("default");
        GuestJson.Write(ref writer, parameter.DefaultJson);
        writer.Write("example");
        GuestJson.Write(ref writer, parameter.ExampleJson);
    }

    private static void WriteRequirements(ref MessagePackWriter writer, ImmutableArray<SkillRequirement> requirements)
    {
        writer.Write("requirements");
        writer.WriteArrayHeader(requirements.Length);
        foreach (var requirement in requirements)
        {
            writer.WriteMapHeader(3);
            WriteText(ref writer, "kind", requirement.Kind);
            WriteText(ref writer, "pattern", requirement.Pattern);
            WriteText(ref writer, "mode", requirement.Mode);
        }
    }

    private static void WriteText(ref MessagePackWriter writer, string key, string value)
    {
        writer.Write(key);
        writer.Write(value);
    }

    private static void WriteFlag(ref MessagePackWriter writer, string key, bool value)
    {
        writer.Write(key);
        writer.Write(value);
    }

    private static string NameOf(ParameterType type) => type switch
    {
        ParameterType.Integer => "integer",
        ParameterType.Number => "number",
        ParameterType.Boolean => "boolean",
        ParameterType.Object => "object",
        ParameterType.Array => "array",
        _ => "string",
    };
}
