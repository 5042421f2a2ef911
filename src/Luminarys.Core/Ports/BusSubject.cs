using System.Buffers;

namespace Luminarys.Ports;

/// <summary>The rules for subjects that every bus keeps, so that nothing a peer sends can leave its place on the wire.</summary>
public static class BusSubject
{
    /// <summary>Longest subject or pattern in characters.</summary>
    public const int MaxLength = 512;

    // Printable ASCII without blank, dot and the two wildcards: what a token may be made of.
    private static readonly SearchValues<char> s_tokenCharacters = SearchValues.Create(
        "!\"#$%&'()+,-/0123456789:;<=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>Whether a message can be sent to the subject: tokens of printable ASCII, joined by dots, without wildcards.</summary>
    public static bool IsValid(string? subject) => IsMadeOfTokens(subject, allowWildcards: false);

    /// <summary>Whether the text can be subscribed to: a subject in which a token may be <c>*</c> and the last one <c>&gt;</c>.</summary>
    public static bool IsValidPattern(string? pattern) => IsMadeOfTokens(pattern, allowWildcards: true);

    private static bool IsMadeOfTokens(ReadOnlySpan<char> text, bool allowWildcards)
    {
        if (text.Length is 0 or > MaxLength)
        {
            return false;
        }

        while (true)
        {
            var dot = text.IndexOf('.');
            var token = dot < 0 ? text : text[..dot];
            var isWildcard = allowWildcards && (token is "*" || (token is ">" && dot < 0));
            if (token.IsEmpty || (!isWildcard && token.ContainsAnyExcept(s_tokenCharacters)))
            {
                return false;
            }

            if (dot < 0)
            {
                return true;
            }

            text = text[(dot + 1)..];
        }
    }
}
