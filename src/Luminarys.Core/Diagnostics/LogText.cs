using System.Globalization;
using System.Text;

namespace Luminarys.Diagnostics;

/// <summary>Makes foreign text safe for a line of a log or terminal.</summary>
public static class LogText
{
    /// <summary>
    /// Shows control, escape, line-separating and direction-changing characters as <c>\n</c>, <c>\e</c>, <c>\u{202e}</c>, and ends after
    /// <paramref name="maxLength"/> characters.
    /// </summary>
    public static string Visible(string text, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= maxLength && IsPlain(text))
        {
            return text;
        }

        var line = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = Show(rune);
            if (line.Length + shown.Length > maxLength)
            {
                break;
            }

            line.Append(shown);
        }

        return line.ToString();
    }

    private static bool IsPlain(string text)
    {
        foreach (var character in text)
        {
            if (character is < ' ' or > '~')
            {
                return false;
            }
        }

        return true;
    }

    private static string Show(Rune rune) => rune.Value switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        0x1b => "\\e",
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            ? string.Create(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}")
            : rune.ToString(),
    };
}
