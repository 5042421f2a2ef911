using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using MessagePack;

namespace Luminarys.Skills.Messages;

/// <summary>
/// Collects the arguments of one call as a person types them and writes them as the map that a guest takes. Values are turned into the declared types;
/// what does not fit, is unknown or is missing becomes a problem, not an exception. Used by one thread, once.
/// </summary>
/// <param name="method">The method to call.</param>
public sealed class MethodArguments(SkillMethod method)
{
    private const string NotUnicode = "its text is not valid Unicode: half of a character stands alone";

    private readonly Dictionary<string, ArgumentValue> _values = new(StringComparer.Ordinal);
    private readonly ImmutableArray<string>.Builder _problems = ImmutableArray.CreateBuilder<string>();

    /// <summary>
    /// Adds a value as text: <c>3</c> for a number, <c>true</c> for a boolean, JSON for an object, JSON or one text for each element for an array, base64
    /// for bytes.
    /// </summary>
    public void AddText(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Find(name) is not { } parameter)
        {
            return;
        }

        if (!IsUnicode(text))
        {
            _problems.Add($"{name}: {NotUnicode}");
            return;
        }

        var isJson = parameter.Type == ParameterType.Object || (parameter.Type == ParameterType.Array && text.AsSpan().TrimStart().StartsWith('['));
        if (isJson && Parse(name, text) is { } json)
        {
            Keep(name, new(json, default));
        }
        else if (!isJson)
        {
            AddElement(parameter, JsonSerializer.SerializeToElement(text));
        }
    }

    /// <summary>Adds bytes as they are: the content of a file.</summary>
    public void AddBytes(string name, ReadOnlyMemory<byte> bytes)
    {
        if (Find(name) is not null)
        {
            Keep(name, new(default, bytes));
        }
    }

    /// <summary>Adds all members of a JSON object.</summary>
    public void AddJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (Parse("the arguments", json) is not { } all)
        {
            return;
        }

        if (all.ValueKind != JsonValueKind.Object)
        {
            _problems.Add("the arguments are not a JSON object");
            return;
        }

        foreach (var member in all.EnumerateObject())
        {
            if (Find(member.Name) is not null)
            {
                Keep(member.Name, new(member.Value, default));
            }
        }
    }

    /// <summary>Writes the map; it may be used only when there is no problem.</summary>
    public ReadOnlyMemory<byte> Write(out ImmutableArray<string> problems)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        AddDefaults();
        writer.WriteMapHeader(_values.Count);
        foreach (var (name, value) in _values)
        {
            writer.Write(name);
            if (ArgumentEncoding.Write(ref writer, Declared(name)!, value) is { } problem)
            {
                _problems.Add($"{name}: {problem}");
                writer.WriteNil();
            }
        }

        writer.Flush();
        problems = _problems.ToImmutable();
        return buffer.WrittenMemory;
    }

    private void AddDefaults()
    {
        foreach (var parameter in method.Parameters)
        {
            if (_values.ContainsKey(parameter.Name))
            {
                continue;
            }

            if (parameter.DefaultJson is { } standard)
            {
                if (Parse(parameter.Name, standard) is { } json)
                {
                    Keep(parameter.Name, new(json, default));
                }
            }
            else if (parameter.IsRequired)
            {
                _problems.Add($"{parameter.Name}: it is required ({parameter.Type.ToString().ToLowerInvariant()}); write {parameter.Name}=…");
            }
        }
    }

    private void AddElement(SkillParameter parameter, JsonElement text)
    {
        var value = text;
        if (parameter.Type == ParameterType.Array)
        {
            JsonElement[] before = _values.TryGetValue(parameter.Name, out var kept) && kept.Json.ValueKind == JsonValueKind.Array ? [.. kept.Json.EnumerateArray()] : [];
            if (kept.Json.ValueKind == JsonValueKind.Array)
            {
                _values.Remove(parameter.Name);
            }

            value = JsonSerializer.SerializeToElement<JsonElement[]>([.. before, text]);
        }

        Keep(parameter.Name, new(value, default));
    }

    private void Keep(string name, ArgumentValue value)
    {
        if (!_values.TryAdd(name, value))
        {
            _problems.Add($"{name}: it is given twice");
        }
    }

    private SkillParameter? Find(string name)
    {
        var parameter = Declared(name);
        if (parameter is null)
        {
            var known = method.Parameters.IsEmpty ? "it has none" : $"it has {string.Join(", ", method.Parameters.Select(each => each.Name))}";
            _problems.Add($"{name}: method '{method.Name}' has no such parameter; {known}");
        }

        return parameter;
    }

    private SkillParameter? Declared(string name) => method.Parameters.FirstOrDefault(parameter => parameter.Name == name);

    private static bool IsUnicode(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var length) != OperationStatus.Done)
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }

    // An escaped half of a character is found only when it is read. The recursion is as deep as the parser allows.
    private static void ReadTexts(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            _ = value.GetString();
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                ReadTexts(item);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                _ = member.Name;
                ReadTexts(member.Value);
            }
        }
    }

    private JsonElement? Parse(string name, string json)
    {
        if (!IsUnicode(json))
        {
            _problems.Add($"{name}: {NotUnicode}");
            return null;
        }

        try
        {
            var value = JsonElement.Parse(json, new() { MaxDepth = MessageGuard.MaxDepth });
            ReadTexts(value);
            return value;
        }
        catch (InvalidOperationException)
        {
            _problems.Add($"{name}: {NotUnicode}");
            return null;
        }
        catch (JsonException exception)
        {
            _problems.Add($"{name}: not JSON: {exception.Message}");
            return null;
        }
    }
}
