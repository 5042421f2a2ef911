using CsCheck;

namespace Luminarys.Core.Tests;

/// <summary>Generators of valid and invalid id texts.</summary>
internal static class IdTexts
{
    public const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    public const string LettersDigitsHyphen = Letters + "0123456789-";
    public const string LettersDigitsUnderscoreHyphen = LettersDigitsHyphen + "_";

    /// <summary>Texts of one alphabet and length range.</summary>
    public static Gen<string> Of(string alphabet, int minimum, int maximum) => Gen.String[Gen.Char[alphabet], minimum, maximum];

    /// <summary>Otherwise valid texts with one character from outside the alphabet at any place.</summary>
    public static Gen<string> WithForeignCharacter(string alphabet, int maximum) =>
        Gen.Select(Of(alphabet, 0, maximum - 1), Foreign(alphabet), Gen.Int[0, maximum - 1])
            .Select((text, foreign, place) => text.Insert(Math.Min(place, text.Length), foreign.ToString()));

    // Half of the characters come from the neighbourhood of ASCII, where an off-by-one in an alphabet would show.
    private static Gen<char> Foreign(string alphabet) =>
        Gen.OneOf(Gen.Char['\0', '\u017f'], Gen.Char['\0', '\uffff']).Where(character => !alphabet.Contains(character, StringComparison.Ordinal));
}
