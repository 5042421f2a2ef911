using System.Text;

namespace Luminarys.Skills.Authoring;

/// <summary>Text in double quotes, with <c>\" \\ \n \t</c>; any other character after a backslash stands for itself.</summary>
internal static class QuotedText
{
    /// <summary>Reads a quoted text from the start; answers what is behind it, without blanks.</summary>
    public static bool TryRead(string source, out string text, out string rest)
    {
        text = "";
        rest = source;
        if (!source.StartsWith('"'))
        {
            return false;
        }

        var value = new StringBuilder();
        for (var i = 1; i < source.Length; i++)
        {
            switch (source[i])
            {
                case '"':
                    text = value.ToString();
                    rest = source[(i + 1)..].TrimStart();
                    return true;
                case '\\' when i + 1 < source.Length:
                    value.Append(Unescape(source[++i]));
                    break;
                default:
                    value.Append(source[i]);
                    break;
            }
        }

        return false;
    }

    private static char Unescape(char character) => character switch
    {
        'n' => '\n',
        't' => '\t',
        _ => character,
    };
}
