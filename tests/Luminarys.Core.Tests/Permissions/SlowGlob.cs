using System.Text;

namespace Luminarys.Core.Tests.Permissions;

/// <summary>The pattern language once more, by the plainest means: write out the innermost last brace, then try every way. Exponential.</summary>
internal static class SlowGlob
{
    public static bool IsMatch(string pattern, string text) => Expand(Tokens(pattern)).Any(tokens => Match(tokens, 0, [.. text.EnumerateRunes()], 0));

    // Escapes and classes become one token each, so that a brace within is none.
    private static List<string> Tokens(string pattern)
    {
        var tokens = new List<string>();
        var runes = pattern.EnumerateRunes().Select(rune => rune.ToString()).ToList();
        for (var i = 0; i < runes.Count; i++)
        {
            if (runes[i] == "\\")
            {
                tokens.Add("\\" + runes[++i]);
            }
            else if (runes[i] == "[")
            {
                var token = new StringBuilder("[");
                var members = 0;
                if (runes[i + 1] is "!" or "^")
                {
                    token.Append(runes[++i]);
                }

                while (runes[++i] != "]" || members == 0)
                {
                    token.Append(runes[i] == "\\" ? runes[i] + runes[++i] : runes[i]);
                    members++;
                }

                tokens.Add(token.Append(']').ToString());
            }
            else
            {
                tokens.Add(runes[i]);
            }
        }

        return tokens;
    }

    private static IEnumerable<List<string>> Expand(List<string> tokens)
    {
        var open = tokens.LastIndexOf("{");
        if (open < 0)
        {
            return [tokens];
        }

        var close = tokens.IndexOf("}", open);
        var inner = tokens[(open + 1)..close];
        var parts = new List<List<string>> { new() };
        foreach (var token in inner)
        {
            if (token == ",")
            {
                parts.Add([]);
            }
            else
            {
                parts[^1].Add(token);
            }
        }

        // What was written out is no comma of an outer group.
        return parts.SelectMany(part => Expand([.. tokens[..open], .. part, .. tokens[(close + 1)..]]));
    }

    private static bool Match(List<string> tokens, int at, List<Rune> text, int position)
    {
        if (at == tokens.Count)
        {
            return position == text.Count;
        }

        if (tokens[at] != "*")
        {
            return position < text.Count && MatchesOne(tokens[at], text[position]) && Match(tokens, at + 1, text, position + 1);
        }

        var next = at;
        while (next < tokens.Count && tokens[next] == "*")
        {
            next++;
        }

        var isDouble = next - at > 1;
        var betweenSlashes = isDouble && next < tokens.Count && tokens[next] == "/" && (at == 0 || tokens[at - 1] == "/");
        if (betweenSlashes && Match(tokens, next + 1, text, position))
        {
            return true;
        }

        for (var end = position; ; end++)
        {
            if (Match(tokens, next, text, end))
            {
                return true;
            }

            if (end == text.Count || (!isDouble && text[end].Value == '/'))
            {
                return false;
            }
        }
    }

    private static bool MatchesOne(string token, Rune character)
    {
        if (token == "?")
        {
            return character.Value != '/';
        }

        if (token[0] == '\\')
        {
            return token[1..] == character.ToString();
        }

        return token.Length > 1 && token[0] == '[' ? character.Value != '/' && MatchesClass(token, character) : token == character.ToString();
    }

    private static bool MatchesClass(string token, Rune character)
    {
        var runes = token[1..^1].EnumerateRunes().ToList();
        var isNegated = runes[0].Value is '!' or '^';
        var matches = false;
        for (var i = isNegated ? 1 : 0; i < runes.Count; i++)
        {
            i += runes[i].Value == '\\' ? 1 : 0;
            var first = runes[i];
            var last = first;
            if (i + 2 < runes.Count && runes[i + 1].Value == '-')
            {
                i += runes[i + 2].Value == '\\' ? 3 : 2;
                last = runes[i];
            }

            matches |= first <= character && character <= last;
        }

        return matches != isNegated;
    }
}
