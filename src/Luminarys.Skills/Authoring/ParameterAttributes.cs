using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Luminarys.Skills.Authoring;

/// <summary>What follows a parameter's description: <c>default:VALUE example:VALUE enum:a|b|c</c>.</summary>
/// <param name="Default">Value for a missing argument; null for none.</param>
/// <param name="Example">A sample; null for none.</param>
/// <param name="Enum">Allowed texts; empty for any.</param>
internal sealed partial record ParameterAttributes(string? Default, string? Example, ImmutableArray<string> Enum)
{
    /// <summary>Reads the attributes; null after an error.</summary>
    public static ParameterAttributes? Read(string text, int line, string parameter, ProblemLog problems)
    {
        var values = new ParameterAttributes(null, null, []);
        while (text.Length > 0)
        {
            if (Start().Match(text) is not { Success: true } start)
            {
                problems.Error(line, $"cannot read '{text}' behind the description of parameter '{parameter}': use default:VALUE, example:VALUE or enum:a|b");
                return null;
            }

            var behind = text[start.Length..];
            if (!QuotedText.TryRead(behind, out var value, out text))
            {
                // Up to the next attribute or the end.
                var next = Next().Match(behind);
                value = (next.Success ? behind[..next.Index] : behind).Trim();
                text = next.Success ? behind[next.Index..].TrimStart() : "";
            }

            values = start.Groups[1].Value switch
            {
                "default" => values with { Default = value },
                "example" => values with { Example = value },
                _ => values with { Enum = [.. value.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)] },
            };
        }

        return values;
    }

    [GeneratedRegex(@"\A(default|example|enum):")]
    private static partial Regex Start();

    [GeneratedRegex(@"\s(default|example|enum):")]
    private static partial Regex Next();
}
