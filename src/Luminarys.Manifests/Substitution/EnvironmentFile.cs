using System.Collections.Immutable;
using System.Text;

namespace Luminarys.Manifests.Substitution;

/// <summary>
/// One <c>.env</c> file: <c>KEY=VALUE</c> on a line, optionally after <c>export</c>; <c>#</c> begins a comment. Single quotes keep a value
/// as it is; double quotes know <c>\n \t \" \\</c>. A value never goes on in the next line.
/// </summary>
internal static class EnvironmentFile
{
    /// <summary>Reads entries into a dictionary, later ones over earlier ones, and answers the lines that are none.</summary>
    public static ImmutableArray<(int Line, string Message)> Parse(string text, IDictionary<string, string> entries)
    {
        var problems = ImmutableArray.CreateBuilder<(int, string)>();
        var number = 0;
        foreach (var rawLine in text.Split('\n'))
        {
            number++;
            var line = rawLine.AsSpan().Trim();
            if (line.IsEmpty || line[0] == '#')
            {
                continue;
            }

            if (ParseLine(line, entries) is { } problem)
            {
                problems.Add((number, problem));
            }
        }

        return problems.ToImmutable();
    }

    private static string? ParseLine(ReadOnlySpan<char> line, IDictionary<string, string> entries)
    {
        if (line.StartsWith("export ") || line.StartsWith("export\t"))
        {
            line = line["export ".Length..].TrimStart();
        }

        var equals = line.IndexOf('=');
        if (equals < 0)
        {
            return "the line is ignored: write KEY=VALUE";
        }

        var key = line[..equals].TrimEnd();
        if (!IsName(key))
        {
            return "the line is ignored: a name is made of letters, digits and '_', and begins with no digit";
        }

        var value = ParseValue(line[(equals + 1)..].TrimStart());
        if (value is null)
        {
            return $"the line of {key} is ignored: a quote is not closed, or something follows the closing quote";
        }

        entries[key.ToString()] = value;
        return null;
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character != '_')
            {
                return false;
            }
        }

        return !name.IsEmpty && !char.IsAsciiDigit(name[0]);
    }

    private static string? ParseValue(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] is not ('\'' or '"'))
        {
            return WithoutComment(text).ToString();
        }

        var value = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == text[0])
            {
                var rest = text[(i + 1)..].TrimStart();
                return rest.IsEmpty || rest[0] == '#' ? value.ToString() : null;
            }

            if (text[0] == '"' && text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
                value.Append(text[i] switch { 'n' => "\n", 't' => "\t", '"' => "\"", '\\' => "\\", var other => $"\\{other}" });
            }
            else
            {
                value.Append(text[i]);
            }
        }

        return null;
    }

    /// <summary>An unquoted value ends at a <c>#</c> after a blank: colours and fragments may hold one without.</summary>
    private static ReadOnlySpan<char> WithoutComment(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '#' && (i == 0 || char.IsWhiteSpace(text[i - 1])))
            {
                return text[..i].TrimEnd();
            }
        }

        return text;
    }
}
