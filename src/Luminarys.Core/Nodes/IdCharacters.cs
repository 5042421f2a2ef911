using System.Buffers;

namespace Luminarys.Nodes;

/// <summary>The alphabets that ids are made of.</summary>
internal static class IdCharacters
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Digits = "0123456789";

    public static readonly SearchValues<char> LettersDigitsHyphen = SearchValues.Create(Letters + Digits + "-");
    public static readonly SearchValues<char> LettersDigitsUnderscoreHyphen = SearchValues.Create(Letters + Digits + "_-");
    public static readonly SearchValues<char> LowerHexadecimal = SearchValues.Create(Digits + "abcdef");
}
