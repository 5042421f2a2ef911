using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Luminarys.Skills;
using MessagePack;

namespace Luminarys.Mcp.Arguments;

/// <summary>JSON arguments of a client → the one MessagePack map that a guest gets.</summary>
internal static class ArgumentEncoder
{
    private const int MaxShownName = 128;
    private const string BadText = "the arguments hold text that is not valid Unicode";

    private static readonly byte[] s_emptyMap = [0x80];

    /// <summary>Checks the arguments against the parameters and encodes them. The payload is fresh memory: nothing reuses it.</summary>
    /// <param name="parameters">What the method takes.</param>
    /// <param name="arguments">The client's arguments.</param>
    /// <param name="files">What stands in place of arguments that name files, by parameter; null for nothing.</param>
    public static EncodedArguments Encode(
        ImmutableArray<ToolParameter> parameters, IDictionary<string, JsonElement>? arguments, Dictionary<string, FileValue>? files = null)
    {
        if (FindMismatch(parameters, arguments, out var count) is { } mismatch)
        {
            return new(default, mismatch);
        }

        if (count == 0)
        {
            return new(s_emptyMap, null);
        }

        var buffer = ScratchBuffer.Rent();
        try
        {
            var writer = new MessagePackWriter(buffer);
            writer.WriteMapHeader(count);
            foreach (var parameter in parameters)
            {
                if (WriteOne(ref writer, parameter, arguments, files) is { } problem)
                {
                    return new(default, $"invalid parameter {parameter.Declared.Name}: {problem}");
                }
            }

            writer.Flush();
            return new(buffer.WrittenSpan.ToArray(), null);
        }
        catch (InvalidOperationException)
        {
            // JSON may escape half a surrogate pair; the reader notices only when the text is taken.
            return new(default, BadText);
        }
        finally
        {
            ScratchBuffer.Return(buffer);
        }
    }

    /// <summary>Prepares a parameter; <paramref name="problem"/> says why its default cannot be used, null when it can.</summary>
    public static ToolParameter Prepare(SkillParameter declared, out string? problem)
    {
        var encodedDefault = EncodeDefault(declared, out problem);
        var key = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(key);
        writer.WriteString(Encoding.UTF8.GetBytes(declared.Name));
        writer.Flush();
        return new(declared, key.WrittenSpan.ToArray(), encodedDefault);
    }

    /// <summary>Says that a name is not declared; a client may send a name of any length.</summary>
    public static string UnknownParameter(string name) => $"unknown parameter: {Shorten(name)}";

    /// <summary>As much of a client's name as a message shows.</summary>
    public static string Shorten(string name) => name.Length <= MaxShownName ? name : name[..MaxShownName];

    private static byte[]? EncodeDefault(SkillParameter declared, out string? problem)
    {
        problem = null;
        if (declared.DefaultJson is null)
        {
            return null;
        }

        try
        {
            var value = JsonElement.Parse(declared.DefaultJson);
            if (value.ValueKind == JsonValueKind.Null)
            {
                return null;
            }

            var buffer = new ArrayBufferWriter<byte>();
            var writer = new MessagePackWriter(buffer);
            problem = ValueEncoder.Write(ref writer, declared, value);
            writer.Flush();
            return problem is null ? buffer.WrittenSpan.ToArray() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            problem = "it is not JSON";
            return null;
        }
    }

    /// <summary>What is missing or too much; <paramref name="count"/> is the number of values to send.</summary>
    private static string? FindMismatch(
        ImmutableArray<ToolParameter> parameters, IDictionary<string, JsonElement>? arguments, out int count)
    {
        count = 0;
        var known = 0;
        foreach (var parameter in parameters)
        {
            JsonElement value = default;
            var isNamed = arguments is not null && arguments.TryGetValue(parameter.Declared.Name, out value);
            known += isNamed ? 1 : 0;
            if (isNamed && value.ValueKind != JsonValueKind.Null)
            {
                count++;
            }
            else if (parameter.Declared.IsRequired)
            {
                return $"missing required parameter: {parameter.Declared.Name}";
            }
            else if (parameter.Default is not null)
            {
                count++;
            }
        }

        return arguments is null || arguments.Count == known ? null : UnknownParameter(FindUnknown(parameters, arguments));
    }

    private static string FindUnknown(ImmutableArray<ToolParameter> parameters, IDictionary<string, JsonElement> arguments) =>
        arguments.Keys.First(name => !parameters.Any(parameter => parameter.Declared.Name == name));

    private static string? WriteOne(
        ref MessagePackWriter writer, ToolParameter parameter, IDictionary<string, JsonElement>? arguments, Dictionary<string, FileValue>? files)
    {
        if (files is not null && files.TryGetValue(parameter.Declared.Name, out var file))
        {
            writer.WriteRaw(parameter.Key);
            Write(ref writer, file);
            return null;
        }

        if (arguments is not null && arguments.TryGetValue(parameter.Declared.Name, out var value) && value.ValueKind != JsonValueKind.Null)
        {
            writer.WriteRaw(parameter.Key);
            return ValueEncoder.Write(ref writer, parameter.Declared, value);
        }

        if (parameter.Default is not null)
        {
            writer.WriteRaw(parameter.Key);
            writer.WriteRaw(parameter.Default);
        }

        return null;
    }

    private static void Write(ref MessagePackWriter writer, FileValue file)
    {
        if (file.Path is not null)
        {
            writer.WriteString(Encoding.UTF8.GetBytes(file.Path));
        }
        else
        {
            writer.Write(file.Content.Span);
        }
    }
}
