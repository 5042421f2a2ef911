using System.Globalization;
using System.Text;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>A pattern and a place in it.</summary>
internal sealed class Re2Text(string pattern)
{
    private const int LastCharacter = 0x10FFFF;

    private int _at;

    /// <summary>Whether all of it was read.</summary>
    public bool IsAtEnd => _at == pattern.Length;

    /// <summary>The next UTF-16 unit. Not at the end.</summary>
    public char Next => pattern[_at];

    /// <summary>The next UTF-16 unit, which is read. Not at the end.</summary>
    public char Take() => pattern[_at++];

    /// <summary>Whether this text comes next.</summary>
    public bool Follows(string text) => string.CompareOrdinal(pattern, _at, text, 0, text.Length) == 0;

    /// <summary>Reads this text if it comes next.</summary>
    public bool TrySkip(string text)
    {
        var follows = Follows(text);
        _at += follows ? text.Length : 0;
        return follows;
    }

    /// <summary>Finds what stands between here and an end, and behind it; null without such an end.</summary>
    public string? PeekUntil(string end) => pattern.IndexOf(end, _at, StringComparison.Ordinal) is var found and >= 0 ? pattern[_at..found] : null;

    /// <summary>Moves on by what was peeked.</summary>
    public void Skip(int length) => _at += length;

    /// <summary>Reads a whole character.</summary>
    public int ReadCharacter()
    {
        Rune.DecodeFromUtf16(pattern.AsSpan(_at), out var character, out var length);
        _at += length;
        return character.Value;
    }

    /// <summary>Reads a backslash and the character that it stands for.</summary>
    public Re2Fault? ReadEscaped(out int character)
    {
        character = 0;
        _at++;
        if (IsAtEnd)
        {
            return Re2Fault.Invalid("ends with a lone backslash");
        }

        var letter = Take();
        switch (letter)
        {
            case 'x':
                return ReadHexadecimal(out character);
            case 'k' or 'g' or '8' or '9':
            case >= '1' and <= '7' when !IsOctal():
                return Re2Fault.Unsupported($"the back-reference '\\{letter}'");
            case >= '0' and <= '7':
                character = letter - '0';
                for (var digits = 1; digits < 3 && IsOctal(); digits++)
                {
                    character = (character * 8) + (Take() - '0');
                }

                return null;
            default:
                character = "afnrtv".IndexOf(letter, StringComparison.Ordinal) is var control and >= 0 ? "\a\f\n\r\t\v"[control] : letter;
                return character != letter || (char.IsAscii(letter) && !char.IsAsciiLetterOrDigit(letter)) ? null : Re2Fault.Unsupported($"the escape '\\{letter}'");
        }
    }

    private bool IsOctal() => !IsAtEnd && Next is >= '0' and <= '7';

    private Re2Fault? ReadHexadecimal(out int character)
    {
        var isBraced = TrySkip("{");
        var digits = isBraced ? PeekUntil("}") ?? "" : pattern.Substring(_at, Math.Min(2, pattern.Length - _at));
        if (!int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out character)
            || character is < 0 or > LastCharacter
            || (!isBraced && digits.Length != 2))
        {
            return Re2Fault.Invalid(@"a character '\x' without its number");
        }

        _at += isBraced ? digits.Length + 1 : digits.Length;
        return null;
    }
}
