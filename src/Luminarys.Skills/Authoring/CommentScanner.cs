namespace Luminarys.Skills.Authoring;

/// <summary>
/// Tells comment lines from code. It works on lines and not on the language's idea of what a comment belongs to: that idea differs, and merges what
/// the author kept apart.
/// </summary>
internal static class CommentScanner
{
    private static readonly string[] s_leaders = ["//!", "///", "//"];

    public static IEnumerable<CommentLine> Read(string text)
    {
        var isInBlock = false;
        var number = 0;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            var trimmed = line.Trim();
            if (isInBlock || trimmed.StartsWith("/*", StringComparison.Ordinal))
            {
                var end = trimmed.IndexOf("*/", StringComparison.Ordinal);
                isInBlock = end < 0;
                yield return new(number, "", InBlock(end < 0 ? trimmed : trimmed[..end]));
                continue;
            }

            var leader = Array.Find(s_leaders, leader => trimmed.StartsWith(leader, StringComparison.Ordinal));
            yield return leader is null ? new(number, trimmed, null) : new(number, "", trimmed[leader.Length..].Trim());
        }
    }

    private static string InBlock(string line) => line.TrimStart('/').TrimStart('*').Trim();
}
