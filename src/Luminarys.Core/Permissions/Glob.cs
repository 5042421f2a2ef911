using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace Luminarys.Permissions;

/// <summary>
/// A pattern of the manifest language: <c>*</c> any run without <c>/</c>, <c>**</c> any run, <c>?</c> one character but <c>/</c>, <c>[abc]</c>,
/// <c>[!a-z]</c>, <c>{a,b}</c>, <c>\x</c> literal. <c>**/</c> also stands for no segment at all. Matches whole texts, in time linear to their
/// length. Immutable and thread-safe.
/// </summary>
public sealed class Glob
{
    private const int MaxAlternatives = 256;
    private readonly Regex _automaton;

    private Glob(string pattern, Regex automaton) => (Pattern, _automaton) = (pattern, automaton);

    /// <summary>The pattern as it was written.</summary>
    public string Pattern { get; }

    /// <summary>Compiles a pattern, or says in <paramref name="fault"/> what is wrong with it.</summary>
    public static bool TryParse(string pattern, bool ignoreCase, [NotNullWhen(true)] out Glob? glob, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        glob = null;
        var writer = new Writer(pattern);
        if (!writer.TryWrite(out var expression, out fault))
        {
            return false;
        }

        try
        {
            var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline
                | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
            glob = new Glob(pattern, new Regex(expression, options));
            return true;
        }
        catch (NotSupportedException)
        {
            fault = "is too large to be matched in linear time; write it as several patterns";
            return false;
        }
        catch (ArgumentException)
        {
            fault = "holds a character class that is not one, such as [z-a]";
            return false;
        }
    }

    /// <summary>Compiles a pattern that is known to be valid.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static Glob Parse(string pattern, bool ignoreCase = false) =>
        TryParse(pattern, ignoreCase, out var glob, out var fault) ? glob : throw new FormatException($"'{pattern}' {fault}.");

    /// <summary>Whether the whole text matches.</summary>
    public bool IsMatch(ReadOnlySpan<char> text) => _automaton.IsMatch(text);

    /// <inheritdoc/>
    public override string ToString() => Pattern;

    // Writes the regular expression; every character of the pattern is visited once.
    private sealed class Writer(string pattern)
    {
        private readonly StringBuilder _expression = new("\\A(?:");
        private int _depth;
        private int _alternatives = 1;
        private int _at;

        public bool TryWrite(out string expression, [NotNullWhen(false)] out string? fault)
        {
            fault = null;
            for (_at = 0; _at < pattern.Length && fault is null; _at++)
            {
                fault = WriteNext(pattern[_at]);
            }

            fault ??= _depth > 0 ? "holds a '{' without its '}'"
                : _alternatives > MaxAlternatives ? $"stands for more than {MaxAlternatives} alternatives"
                : null;
            expression = _expression.Append(")\\z").ToString();
            return fault is null;
        }

        private string? WriteNext(char character)
        {
            switch (character)
            {
                case '*':
                    WriteStars();
                    return null;
                case '?':
                    _expression.Append("[^/]");
                    return null;
                case '[':
                    return WriteClass();
                case '\\' when _at + 1 == pattern.Length:
                    return "ends with a lone backslash";
                case '\\':
                    WriteLiteral(pattern[++_at]);
                    return null;
                case '{':
                    _depth++;
                    _expression.Append("(?:");
                    return null;
                case ',' when _depth > 0:
                    _alternatives++;
                    _expression.Append('|');
                    return null;
                case '}' when _depth > 0:
                    _depth--;
                    _expression.Append(')');
                    return null;
                case '}':
                    return "holds a '}' without its '{'";
                default:
                    WriteLiteral(character);
                    return null;
            }
        }

        private void WriteStars()
        {
            var start = _at;
            while (_at + 1 < pattern.Length && pattern[_at + 1] == '*')
            {
                _at++;
            }

            if (_at == start)
            {
                _expression.Append("[^/]*");
            }
            else if (_at + 1 < pattern.Length && pattern[_at + 1] == '/' && (start == 0 || pattern[start - 1] is '/' or '{' or ','))
            {
                _at++;
                _expression.Append("(?:.*/)?");
            }
            else
            {
                _expression.Append(".*");
            }
        }

        // A closing bracket directly after the opening one, or after its negation, is a member.
        private string? WriteClass()
        {
            var members = new StringBuilder();
            var isNegated = _at + 1 < pattern.Length && pattern[_at + 1] is '!' or '^';
            var first = _at + (isNegated ? 2 : 1);
            for (_at = first; _at < pattern.Length; _at++)
            {
                var character = pattern[_at];
                if (character == ']' && _at > first)
                {
                    _expression.Append(isNegated ? "[^/" : "[").Append(members).Append(isNegated ? "]" : "-[/]]");
                    return null;
                }

                if (character == '\\' && _at + 1 < pattern.Length)
                {
                    character = pattern[++_at];
                    members.Append(Escape(character));
                }
                else
                {
                    members.Append(character == '-' ? "-" : Escape(character));
                }
            }

            return "holds a '[' without its ']'";
        }

        private static string Escape(char character) => $"\\u{(int)character:x4}";

        private void WriteLiteral(char character) => _expression.Append(Regex.Escape(character.ToString()));
    }
}
