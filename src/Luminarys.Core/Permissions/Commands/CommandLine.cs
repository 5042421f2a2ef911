using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Luminarys.Permissions.Commands;

/// <summary>
/// Splits one line into the words of an argument vector. Blanks separate; single quotes take everything; double quotes know <c>\" \\ \n \t \r
/// \uXXXX</c>; outside of quotes a backslash takes the next character. Nothing is expanded. What a shell would act on is refused outside of quotes
/// and is plain text inside of them, because no shell reads it.
/// </summary>
public static class CommandLine
{
    private const int MaxLength = 64 * 1024;
    private const int MaxWords = 4096;
    private const string Operators = "&|;<>()$`\n\r";

    /// <summary>Splits a line, or says in <paramref name="fault"/> why it is none.</summary>
    public static bool TryParse(string line, out ImmutableArray<string> arguments, [NotNullWhen(false)] out string? fault) =>
        TrySplit(line, out arguments, out fault, out _);

    /// <summary>The same, and says whether it is an operator of a shell that stands in the way.</summary>
    internal static bool TrySplit(string line, out ImmutableArray<string> arguments, [NotNullWhen(false)] out string? fault, out bool hasOperator)
    {
        ArgumentNullException.ThrowIfNull(line);
        (arguments, hasOperator) = ([], false);
        if (line.Length > MaxLength)
        {
            fault = $"the command is longer than {MaxLength} characters";
            return false;
        }

        var splitter = new Splitter(line);
        fault = splitter.Run();
        hasOperator = splitter.MetOperator;
        if (fault is null)
        {
            arguments = splitter.Words;
            fault = arguments.IsEmpty ? "the command is empty" : arguments.Length > MaxWords ? $"the command has more than {MaxWords} words" : null;
        }

        return fault is null;
    }

    /// <summary>Writes words so that <see cref="TryParse"/> reads them back.</summary>
    public static string Format(IEnumerable<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return string.Join(' ', arguments.Select(word =>
            word.Length > 0 && word.All(character => char.IsLetterOrDigit(character) || "-_./:=,@%+*?[]{}~^!#".Contains(character, StringComparison.Ordinal))
                ? word
                : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
    }

    private sealed class Splitter(string line)
    {
        private readonly ImmutableArray<string>.Builder _words = ImmutableArray.CreateBuilder<string>();
        private readonly StringBuilder _word = new();
        private bool _isInWord;
        private int _at;

        public ImmutableArray<string> Words => _words.ToImmutable();

        public bool MetOperator { get; private set; }

        public string? Run()
        {
            for (_at = 0; _at < line.Length; _at++)
            {
                if (Take(line[_at]) is { } fault)
                {
                    return fault;
                }
            }

            EndWord();
            return null;
        }

        private string? Take(char character)
        {
            switch (character)
            {
                case '\0':
                    return "the command holds a NUL";
                case ' ' or '\t':
                    EndWord();
                    return null;
                case '\'':
                    return TakeSingleQuoted();
                case '"':
                    return TakeDoubleQuoted();
                case '\\' when _at + 1 == line.Length:
                    return "the command ends with a lone backslash";
                case '\\' when line[_at + 1] is '\0' or '\n' or '\r':
                    return "a backslash stands before a control character";
                case '\\':
                    Append(line[++_at]);
                    return null;
                case var _ when Operators.Contains(character, StringComparison.Ordinal):
                    MetOperator = true;
                    return $"'{(char.IsControl(character) ? "line break" : character)}' is not allowed outside of quotes: no shell runs the command";
                default:
                    Append(character);
                    return null;
            }
        }

        private string? TakeSingleQuoted()
        {
            var end = line.IndexOf('\'', _at + 1);
            if (end < 0)
            {
                return "a single quote is not closed";
            }

            var quoted = line.AsSpan(_at + 1, end - _at - 1);
            _word.Append(quoted);
            _isInWord = true;
            _at = end;
            return quoted.Contains('\0') ? "the command holds a NUL" : null;
        }

        private string? TakeDoubleQuoted()
        {
            _isInWord = true;
            for (_at++; _at < line.Length; _at++)
            {
                switch (line[_at])
                {
                    case '"':
                        return null;
                    case '\0':
                        return "the command holds a NUL";
                    case '\\' when _at + 1 < line.Length:
                        if (TakeEscape(line[++_at]) is { } fault)
                        {
                            return fault;
                        }

                        break;
                    default:
                        _word.Append(line[_at]);
                        break;
                }
            }

            return "a double quote is not closed";
        }

        private string? TakeEscape(char character)
        {
            switch (character)
            {
                case '"' or '\\':
                    _word.Append(character);
                    return null;
                case 'n':
                    _word.Append('\n');
                    return null;
                case 't':
                    _word.Append('\t');
                    return null;
                case 'r':
                    _word.Append('\r');
                    return null;
                case 'u':
                    return TakeUnicode();
                case '\0':
                    return "the command holds a NUL";
                default:
                    // Any other backslash inside double quotes is one.
                    _word.Append('\\').Append(character);
                    return null;
            }
        }

        private string? TakeUnicode()
        {
            if (_at + 4 >= line.Length
                || !ushort.TryParse(line.AsSpan(_at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                || code == 0)
            {
                return "\\u needs four hexadecimal digits of a character other than NUL";
            }

            _word.Append((char)code);
            _at += 4;
            return null;
        }

        private void Append(char character)
        {
            _word.Append(character);
            _isInWord = true;
        }

        private void EndWord()
        {
            if (_isInWord)
            {
                _words.Add(_word.ToString());
                _word.Clear();
                _isInWord = false;
            }
        }
    }
}
