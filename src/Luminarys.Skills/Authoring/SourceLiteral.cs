using System.Globalization;
using System.Text;

namespace Luminarys.Skills.Authoring;

/// <summary>Text as a literal that AssemblyScript, Go and Rust read alike.</summary>
internal static class SourceLiteral
{
    /// <summary>In double quotes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="unicodeEscape">How the language writes a control character, with <c>{0}</c> for its number.</param>
    public static string Quote(string text, CompositeFormat unicodeEscape)
    {
        var literal = new StringBuilder("\"");
        foreach (var character in text)
        {
            literal.Append(character switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when char.IsControl(character) => string.Format(CultureInfo.InvariantCulture, unicodeEscape, (int)character),
                _ => character.ToString(),
            });
        }

        return literal.Append('"').ToString();
    }
}
