namespace Luminarys.Skills.Authoring;

/// <summary>One <c>@skill:</c> line.</summary>
/// <param name="Tag">Word behind the colon.</param>
/// <param name="Rest">What follows it, without outer blanks.</param>
/// <param name="Line">Line of the source, counted from 1.</param>
internal sealed record Annotation(string Tag, string Rest, int Line)
{
    private const string Prefix = "@skill:";

    /// <summary>Reads the text of a comment; null when it is none.</summary>
    public static Annotation? Read(string comment, int line)
    {
        if (!comment.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var end = comment.AsSpan().IndexOfAny(' ', '\t');
        return end < 0 ? new(comment[Prefix.Length..], "", line) : new(comment[Prefix.Length..end], comment[end..].Trim(), line);
    }
}
