using System.Globalization;
using System.Text;

namespace Luminarys.Permissions;

/// <summary>Writes the regular expression of a pattern that has no braces and is known to be well-formed.</summary>
internal static class GlobExpression
{
    /// <summary>One character but <c>/</c>; two code units when it lies outside of the basic plane.</summary>
    private const string OneCharacter = @"(?:[^/\ud800-\udfff]|[\ud800-\udbff][\udc00-\udfff])";

    /// <summary>Appends to <paramref name="expression"/>.</summary>
    public static void Write(StringBuilder expression, string pattern)
    {
        for (var at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case '*':
                    at = WriteStars(expression, pattern, at);
                    break;
                case '?':
                    expression.Append(OneCharacter);
                    break;
                case '[':
                    GlobClass.Read(pattern, at, out at, out _)!.Write(expression);
                    break;
                case '\\':
                    WriteUnit(expression, pattern[++at]);
                    break;
                default:
                    WriteUnit(expression, pattern[at]);
                    break;
            }
        }
    }

    /// <summary>Appends one code unit as a literal.</summary>
    public static void WriteUnit(StringBuilder expression, char unit)
    {
        if (char.IsAsciiLetterOrDigit(unit))
        {
            expression.Append(unit);
        }
        else
        {
            expression.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }
    }

    // Answers the index of the last character that was consumed.
    private static int WriteStars(StringBuilder expression, string pattern, int start)
    {
        var end = start;
        while (end + 1 < pattern.Length && pattern[end + 1] == '*')
        {
            end++;
        }

        if (end == start)
        {
            expression.Append("[^/]*");
            return end;
        }

        if (end + 1 < pattern.Length && pattern[end + 1] == '/' && (start == 0 || pattern[start - 1] == '/'))
        {
            expression.Append("(?:.*/)?");
            return end + 1;
        }

        expression.Append(".*");
        return end;
    }
}
