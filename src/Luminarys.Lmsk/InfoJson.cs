using System.Globalization;
using System.Text;
using System.Text.Json;
using Luminarys.Skills;

namespace Luminarys.Lmsk;

/// <summary>Shows a skill to a program.</summary>
internal static class InfoJson
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true };

    public static string Write(Inspected inspected)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            WriteFile(inspected, json);
            WriteMethods(inspected.Descriptor, json);
            WriteRequirements(inspected.Descriptor, json);
            json.WriteString("manifest", string.Join('\n', PermissionSketch.Write(inspected.Descriptor.Requirements)) + "\n");
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteFile(Inspected inspected, Utf8JsonWriter json)
    {
        var descriptor = inspected.Descriptor;
        json.WriteString("file", inspected.File);
        json.WriteNumber("size", inspected.Size);
        json.WriteString("id", descriptor.Package.ToString());
        json.WriteString("version", descriptor.Version);
        json.WriteString("name", descriptor.Name);
        json.WriteString("description", descriptor.Description);
        json.WriteString("sdk_version", inspected.SdkVersion);
        json.WriteStartObject("module");
        json.WriteNumber("size", inspected.ModuleSize);
        json.WriteString("sha256", inspected.ModuleDigest.ToString());
        json.WriteEndObject();
        if (inspected.Package is not { } package)
        {
            json.WriteNull("signature");
            return;
        }

        json.WriteStartObject("signature");
        json.WriteString("key_id", package.Key.ToString());
        json.WriteString("public_key", Convert.ToBase64String(package.PublicKey.Span));
        json.WriteString("signed_at", package.SignedAt.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        json.WriteString("file_sha256", package.FileDigest.ToString());
        json.WriteEndObject();
    }

    private static void WriteMethods(SkillDescriptor descriptor, Utf8JsonWriter json)
    {
        json.WriteStartArray("methods");
        foreach (var method in descriptor.Methods)
        {
            json.WriteStartObject();
            json.WriteString("name", method.Name);
            json.WriteString("description", method.Description);
            json.WriteBoolean("internal", method.IsHidden);
            json.WriteBoolean("callback", method.IsCallback);
            json.WriteStartArray("params");
            foreach (var parameter in method.Parameters)
            {
                WriteParameter(parameter, json);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteParameter(SkillParameter parameter, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", parameter.Name);
        json.WriteString("type", Inspected.TypeOf(parameter));
        json.WriteString("description", parameter.Description);
        json.WriteBoolean("required", parameter.IsRequired);
        json.WriteStartArray("enum");
        foreach (var value in parameter.AllowedValues)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
        if (parameter.Items is { } items)
        {
            json.WritePropertyName("items");
            WriteParameter(items, json);
        }

        WriteValue("default", parameter.DefaultJson, json);
        WriteValue("example", parameter.ExampleJson, json);
        json.WriteEndObject();
    }

    private static void WriteValue(string name, string? value, Utf8JsonWriter json)
    {
        if (value is not null)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value);
        }
    }

    private static void WriteRequirements(SkillDescriptor descriptor, Utf8JsonWriter json)
    {
        json.WriteStartArray("requirements");
        foreach (var requirement in descriptor.Requirements)
        {
            json.WriteStartObject();
            json.WriteString("kind", requirement.Kind);
            json.WriteString("pattern", requirement.Pattern);
            json.WriteString("mode", requirement.Mode);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
