namespace Luminarys.Skills.Authoring;

/// <summary>The annotations, and what an author meant who wrote none of them.</summary>
internal static class TagNames
{
    private const int MaxDistance = 2;
    private static readonly string[] s_skill = ["id", "name", "version", "desc", "sdk", "require"];
    private static readonly string[] s_method = ["method", "param", "result", "internal", "callback"];

    public static bool IsOfSkill(string tag) => s_skill.Contains(tag, StringComparer.Ordinal);

    public static bool IsOfMethod(string tag) => s_method.Contains(tag, StringComparer.Ordinal);

    /// <summary>The nearest one, or all.</summary>
    public static string Hint(string tag)
    {
        var known = s_skill.Concat(s_method).ToArray();
        var meant = known.FirstOrDefault(name => tag.Length > 1 && (name.StartsWith(tag, StringComparison.Ordinal) || tag.StartsWith(name, StringComparison.Ordinal)))
            ?? known.Where(name => name.Length > MaxDistance && Distance(name, tag) <= MaxDistance).MinBy(name => Distance(name, tag));
        return meant is null ? $"known are {string.Join(", ", known)}" : $"did you mean @skill:{meant}?";
    }

    // Letters to add, remove or replace.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
