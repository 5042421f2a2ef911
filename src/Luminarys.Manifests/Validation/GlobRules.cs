namespace Luminarys.Manifests.Validation;

/// <summary>Patterns of the manifest language: <c>* ** ? [abc] {a,b} \x</c>. Only their form is judged here; matching is the domain's.</summary>
internal static class GlobRules
{
    private const int MaxAlternatives = 256;
    private const int MaxLength = 4096;
    private const int MaxBraceDepth = 16;

    public static string? Pattern(string text, out string value)
    {
        value = text;
        return text.Length == 0 ? "is empty"
            : text.Length > MaxLength ? $"is longer than {MaxLength} characters"
            : text.Any(char.IsControl) ? "holds control characters"
            : Complaint(text);
    }

    private static string? Complaint(string pattern)
    {
        // Alternatives of nested groups: a sum within a group, a product along a text. One frame per open group.
        var groups = new Stack<(long Finished, long Current)>();
        (long Finished, long Current) here = (0, 1);
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    if (++i == pattern.Length)
                    {
                        return "ends with a lone backslash";
                    }

                    break;
                case '[':
                    i = EndOfClass(pattern, i);
                    if (i < 0)
                    {
                        return "holds a '[' without its ']'";
                    }

                    break;
                case '{':
                    if (groups.Count == MaxBraceDepth)
                    {
                        return $"nests braces more than {MaxBraceDepth} deep";
                    }

                    groups.Push(here);
                    here = (0, 1);
                    break;
                case ',' when groups.Count > 0:
                    here = (here.Finished + here.Current, 1);
                    break;
                case '}' when groups.Count == 0:
                    return "holds a '}' without its '{'";
                case '}':
                    var outer = groups.Pop();
                    here = (outer.Finished, outer.Current * (here.Finished + here.Current));
                    break;
            }

            if (here.Finished + here.Current > MaxAlternatives)
            {
                return $"stands for more than {MaxAlternatives} alternatives";
            }
        }

        return groups.Count > 0 ? "holds a '{' without its '}'" : null;
    }

    /// <summary>Index of the closing bracket; a bracket directly after the opening one, or after its negation, is a member.</summary>
    private static int EndOfClass(string pattern, int start)
    {
        var first = start + 1;
        if (first < pattern.Length && pattern[first] is '!' or '^')
        {
            first++;
        }

        for (var i = first; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
            {
                i++;
            }
            else if (pattern[i] == ']' && i > first)
            {
                return i;
            }
        }

        return -1;
    }
}
