namespace Luminarys.Skills.Authoring;

/// <summary>One line of a source file.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Code">The line without comments and outer blanks; empty for a comment or a blank line.</param>
/// <param name="Comment">Text of the comment without its leader; null when the line is none.</param>
internal readonly record struct CommentLine(int Number, string Code, string? Comment)
{
    public bool IsBlank => Comment is null && Code.Length == 0;
}
