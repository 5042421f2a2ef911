using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace Luminarys.Permissions;

/// <summary>
/// A pattern of the manifest language: <c>*</c> any run without <c>/</c>, <c>**</c> any run, <c>?</c> one character but <c>/</c>, <c>[abc]</c>,
/// <c>[!a-z]</c>, <c>{a,b}</c>, <c>\x</c> literal. <c>**/</c> at the start or after a <c>/</c> also stands for no segment at all. Braces are written
/// out before anything else gets its meaning. Matches whole texts, in time linear to their length. Immutable and thread-safe.
/// </summary>
public sealed class Glob
{
    /// <summary>Longer patterns are refused.</summary>
    public const int MaxLength = 4096;

    // Several small automata instead of one: the engine refuses one that is too large, and this is well below.
    private const int CharactersPerAutomaton = 1024;
    private static readonly SearchValues<char> s_special = SearchValues.Create(@"*?[]{}\");

    private readonly string? _literal;
    private readonly StringComparison _comparison;
    private readonly Regex[] _automata;

    private Glob(string pattern, string? literal, bool ignoreCase, Regex[] automata)
    {
        Pattern = pattern;
        _literal = literal;
        _comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        _automata = automata;
    }

    /// <summary>The pattern as it was written.</summary>
    public string Pattern { get; }

    /// <summary>Compiles a pattern, or says in <paramref name="fault"/> what is wrong with it, in words that follow it: "ends with a lone backslash".</summary>
    public static bool TryParse(string pattern, bool ignoreCase, [NotNullWhen(true)] out Glob? glob, [NotNullWhen(false)] out string? fault)
    {
        glob = null;
        if (!TryExpand(pattern, out var alternatives, out fault))
        {
            return false;
        }

        if (TryGetLiteral(pattern, out var literal))
        {
            glob = new Glob(pattern, literal, ignoreCase, []);
            return true;
        }

        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline
            | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            glob = new Glob(pattern, null, ignoreCase, [.. Expressions(alternatives).Select(expression => new Regex(expression, options))]);
            return true;
        }
        catch (NotSupportedException)
        {
            fault = "is too large to be matched in linear time; write it as several patterns";
            return false;
        }
    }

    /// <summary>Compiles a pattern that is known to be valid.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static Glob Parse(string pattern, bool ignoreCase = false) =>
        TryParse(pattern, ignoreCase, out var glob, out var fault) ? glob : throw new FormatException($"'{pattern}' {fault}.");

    /// <summary>Writes a pattern without braces for each alternative, at most 256, or says in <paramref name="fault"/> why it is no pattern.</summary>
    public static bool TryExpand(string pattern, out ImmutableArray<string> alternatives, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        alternatives = [];
        fault = pattern.Length > MaxLength ? $"is longer than {MaxLength} characters" : new BraceExpansion(pattern).Expand(out alternatives);
        return fault is null;
    }

    /// <summary>A pattern that matches this text and no other.</summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().ContainsAny(s_special)
            ? string.Concat(text.Select(character => s_special.Contains(character) ? $"\\{character}" : $"{character}"))
            : text;
    }

    /// <summary>Whether a pattern matches one text only; that text, with escapes resolved.</summary>
    public static bool TryGetLiteral(string pattern, [NotNullWhen(true)] out string? text)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var literal = new StringBuilder(pattern.Length);
        text = null;
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\' && i + 1 < pattern.Length)
            {
                i++;
            }
            else if (s_special.Contains(pattern[i]))
            {
                return false;
            }

            literal.Append(pattern[i]);
        }

        text = literal.ToString();
        return true;
    }

    /// <summary>Whether the whole text matches.</summary>
    public bool IsMatch(ReadOnlySpan<char> text)
    {
        if (_literal is not null)
        {
            return text.Equals(_literal, _comparison);
        }

        foreach (var automaton in _automata)
        {
            if (automaton.IsMatch(text))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => Pattern;

    private static IEnumerable<string> Expressions(ImmutableArray<string> alternatives)
    {
        const string End = ")\\z";
        var expression = new StringBuilder();
        var size = 0;
        foreach (var alternative in alternatives)
        {
            size += alternative.Length;
            if (size > CharactersPerAutomaton && expression.Length > 0)
            {
                yield return expression.Append(End).ToString();
                expression.Clear();
                size = alternative.Length;
            }

            expression.Append(expression.Length == 0 ? "\\A(?:" : "|");
            GlobExpression.Write(expression, alternative);
        }

        yield return expression.Append(End).ToString();
    }
}
