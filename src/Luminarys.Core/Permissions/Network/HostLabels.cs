using System.Globalization;
using System.Text;

namespace Luminarys.Permissions.Network;

/// <summary>Names of hosts in their ASCII form.</summary>
internal static class HostLabels
{
    private const int MaxName = 253;
    private const int MaxLabel = 63;

    // Letters that another implementation may fold into ASCII: they would make two readers see two names.
    private static readonly (int First, int Last)[] s_foldable =
    [
        (0x00aa, 0x00aa), (0x00ba, 0x00ba), (0x0130, 0x0131), (0x0132, 0x0133), (0x013f, 0x0140), (0x0149, 0x0149), (0x017f, 0x017f), (0x01c4, 0x01cc),
        (0x01f1, 0x01f3), (0x02b0, 0x02b8), (0x02e0, 0x02e4), (0x1d2c, 0x1d6a), (0x1d78, 0x1d78), (0x1d9b, 0x1dbf), (0x1e9a, 0x1e9b),
        (0x2000, 0x2bff), (0x2c7c, 0x2c7d), (0x3000, 0x3004), (0x3200, 0x33ff), (0xa69c, 0xa69d), (0xa7f2, 0xa7f4), (0xab5c, 0xab5f), (0xf900, 0xffff),
        (0x1d400, 0x1d7ff), (0x1f100, 0x1f2ff), (0x2f800, 0x2fa1f), (0xe0000, 0x10ffff),
    ];

    /// <summary>Lower-cases, maps to ASCII and strips one trailing dot; null when it is no name.</summary>
    public static string? Normalise(string name)
    {
        var text = name.EndsWith('.') ? name[..^1] : name;
        if (text.Length is 0 or > MaxName)
        {
            return null;
        }

        var labels = text.Split('.');
        for (var i = 0; i < labels.Length; i++)
        {
            if (NormaliseLabel(labels[i]) is not { } label)
            {
                return null;
            }

            labels[i] = label;
        }

        var normalised = string.Join('.', labels);
        return normalised.Length <= MaxName ? normalised : null;
    }

    private static string? NormaliseLabel(string label)
    {
        if (label.Length is 0 or > MaxLabel)
        {
            return null;
        }

        if (!Ascii.IsValid(label))
        {
            return MapInternational(label);
        }

        foreach (var character in label)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_'))
            {
                return null;
            }
        }

        return label.ToLowerInvariant();
    }

    private static string? MapInternational(string label)
    {
        foreach (var rune in label.EnumerateRunes())
        {
            if (!IsPlain(rune))
            {
                return null;
            }
        }

        try
        {
            var mapped = new IdnMapping { UseStd3AsciiRules = true }.GetAscii(label.ToLowerInvariant());
            return mapped.StartsWith("xn--", StringComparison.Ordinal) && mapped.Length <= MaxLabel ? mapped : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsPlain(Rune rune)
    {
        if (rune.IsAscii)
        {
            return char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value == '-';
        }

        var category = Rune.GetUnicodeCategory(rune);
        return category is UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.OtherLetter
                or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            && rune != Rune.ReplacementChar
            && !Array.Exists(s_foldable, range => rune.Value >= range.First && rune.Value <= range.Last);
    }
}
