using System.Diagnostics.CodeAnalysis;
using Luminarys.Permissions;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>One part of a path's pattern, between slashes.</summary>
/// <param name="Literal">The only name that matches; null for a pattern.</param>
/// <param name="Pattern">The pattern; null for a literal and for <c>**</c>.</param>
internal sealed record PathSegment(string? Literal, Glob? Pattern)
{
    /// <summary>Whether it stands for any number of names.</summary>
    public bool IsAny => Literal is null && Pattern is null;

    private bool BeginsWithDot => (Literal ?? Pattern?.Pattern)?.StartsWith('.') == true;

    /// <summary>Reads one, or says what is wrong with it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PathSegment? segment, [NotNullWhen(false)] out string? fault)
    {
        segment = null;
        fault = null;
        Glob? pattern = null;
        if (text != "**" && !Glob.TryGetLiteral(text, out _) && !Glob.TryParse(text, ignoreCase: false, out pattern, out fault))
        {
            return false;
        }

        segment = new(Glob.TryGetLiteral(text, out var literal) ? literal : null, pattern);
        return true;
    }

    /// <summary>Whether a name matches. One that begins with a dot must be asked for.</summary>
    public bool Matches(ReadOnlySpan<char> name, bool matchesHidden) =>
        (matchesHidden || !name.StartsWith('.') || BeginsWithDot) && (IsAny || (Pattern?.IsMatch(name) ?? name.SequenceEqual(Literal)));
}
