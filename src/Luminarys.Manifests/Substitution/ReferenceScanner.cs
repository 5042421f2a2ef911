namespace Luminarys.Manifests.Substitution;

/// <summary>Finds which closing brace belongs to which <c>${</c>, in one pass, so that hostile nesting costs no more than its length.</summary>
internal static class ReferenceScanner
{
    public static Dictionary<int, int> MatchBraces(string text)
    {
        var matches = new Dictionary<int, int>();
        var open = new Stack<int>();
        for (var i = 0; i < text.Length;)
        {
            if (IsCommentLine(text, i, out var next))
            {
                i = next;
                continue;
            }

            switch (text[i])
            {
                case '$' when i + 1 < text.Length && text[i + 1] == '$':
                    i += 2;
                    continue;
                case '$' when i + 1 < text.Length && text[i + 1] == '{':
                    open.Push(i);
                    i += 2;
                    continue;
                case '}' when open.Count > 0:
                    matches[open.Pop()] = i;
                    break;
            }

            i++;
        }

        return matches;
    }

    /// <summary>Whether a line begins here that holds nothing but a comment; then <paramref name="next"/> is where it ends.</summary>
    public static bool IsCommentLine(string text, int start, out int next)
    {
        next = start;
        if (start > 0 && text[start - 1] != '\n')
        {
            return false;
        }

        while (next < text.Length && text[next] is ' ' or '\t')
        {
            next++;
        }

        if (next >= text.Length || text[next] != '#')
        {
            return false;
        }

        var end = text.IndexOf('\n', next);
        next = end < 0 ? text.Length : end;
        return true;
    }
}
