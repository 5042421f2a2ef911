using System.Globalization;
using System.Text;

namespace Luminarys.Lmsk;

/// <summary>Writes texts so that the files of a host read exactly them, whatever they hold.</summary>
internal static class YamlText
{
    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quote))}]";

    /// <summary>A double-quoted scalar on one line.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"", text.Length + 2);
        foreach (var rune in text.EnumerateRunes())
        {
            quoted.Append(rune.Value switch
            {
                '$' => "$$", // else a variable might begin here
                '"' => "\\\"",
                '\\' => "\\\\",
                >= ' ' and <= '~' => rune.ToString(),
                _ when IsVisible(rune) => rune.ToString(),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            });
        }

        return quoted.Append('"').ToString();
    }

    private static bool IsVisible(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.IsPunctuation(rune) || Rune.IsSymbol(rune);
}
