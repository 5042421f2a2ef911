using System.Collections.Immutable;

namespace Luminarys.Skills.Authoring;

/// <summary>Splits declarations at brackets and commas, leaving what is inside of brackets alone.</summary>
internal static class SignatureText
{
    private const string Opening = "([{<";
    private const string Closing = ")]}>";

    /// <summary>The text between the bracket at <paramref name="start"/> and the one that closes it; answers the index behind that, or -1.</summary>
    public static int ReadBrackets(string text, int start, out string inside)
    {
        var depth = 0;
        for (var i = start; i < text.Length; i++)
        {
            if (IsArrow(text, i))
            {
                continue;
            }

            depth += Opening.Contains(text[i], StringComparison.Ordinal) ? 1 : Closing.Contains(text[i], StringComparison.Ordinal) ? -1 : 0;
            if (depth == 0)
            {
                inside = text[(start + 1)..i];
                return i + 1;
            }
        }

        inside = "";
        return -1;
    }

    /// <summary>Parts between commas that stand in no bracket, without blanks and without an empty last one.</summary>
    public static ImmutableArray<string> Split(string list)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        var depth = 0;
        var from = 0;
        for (var i = 0; i < list.Length; i++)
        {
            if (IsArrow(list, i))
            {
                continue;
            }

            depth += Opening.Contains(list[i], StringComparison.Ordinal) ? 1 : Closing.Contains(list[i], StringComparison.Ordinal) ? -1 : 0;
            if (list[i] == ',' && depth == 0)
            {
                parts.Add(list[from..i].Trim());
                from = i + 1;
            }
        }

        if (list[from..].Trim() is { Length: > 0 } last)
        {
            parts.Add(last);
        }

        return parts.ToImmutable();
    }

    private static bool IsArrow(string text, int at) => text[at] == '>' && at > 0 && (text[at - 1] is '-' or '=');
}
