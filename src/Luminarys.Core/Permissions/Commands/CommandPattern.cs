using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Luminarys.Permissions.Commands;

/// <summary>
/// One entry of a shell allowlist, such as <c>git **</c>, <c>python -m venv .venv</c> or <c>./**</c>. Its words are matched with the words of a
/// command, one by one. A last word that ends in <c>**</c> takes the rest of that word and all further words; <c>**</c> by itself takes none, too.
/// Immutable and thread-safe.
/// </summary>
public sealed class CommandPattern
{
    private const string Rest = "**";

    private readonly ImmutableArray<Glob> _words;
    private readonly bool _takesRest;
    private readonly bool _restMayBeMissing;

    private CommandPattern(string pattern, ImmutableArray<Glob> words, bool takesRest, bool restMayBeMissing) =>
        (Pattern, _words, _takesRest, _restMayBeMissing) = (pattern, words, takesRest, restMayBeMissing);

    /// <summary>The pattern as it was written.</summary>
    public string Pattern { get; }

    /// <summary>Compiles a pattern, or says in <paramref name="fault"/> what is wrong with it.</summary>
    public static bool TryParse(string pattern, [NotNullWhen(true)] out CommandPattern? parsed, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        parsed = null;
        fault = null;
        var texts = pattern.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (texts.Length == 0)
        {
            fault = "is empty";
            return false;
        }

        var takesRest = EndsInRest(texts[^1]);
        var restMayBeMissing = texts[^1] == Rest;
        var words = ImmutableArray.CreateBuilder<Glob>();
        foreach (var text in restMayBeMissing ? texts[..^1] : texts)
        {
            if (!Glob.TryParse(text, ignoreCase: false, out var word, out fault))
            {
                return false;
            }

            words.Add(word);
        }

        parsed = new(pattern, words.ToImmutable(), takesRest, restMayBeMissing);
        return true;
    }

    /// <summary>Whether the words of a command match.</summary>
    public bool IsMatch(ImmutableArray<string> arguments)
    {
        if (arguments.Length < _words.Length || (arguments.Length > _words.Length && !_takesRest) || (arguments.IsEmpty && !_restMayBeMissing))
        {
            return false;
        }

        for (var i = 0; i < _words.Length; i++)
        {
            if (!_words[i].IsMatch(arguments[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Pattern;

    // Behind an odd number of backslashes the first star is a star.
    private static bool EndsInRest(string word) =>
        word.EndsWith(Rest, StringComparison.Ordinal) && (word.Length - Rest.Length - word[..^Rest.Length].TrimEnd('\\').Length) % 2 == 0;
}
