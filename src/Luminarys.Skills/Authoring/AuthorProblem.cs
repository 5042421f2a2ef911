namespace Luminarys.Skills.Authoring;

/// <summary>One finding in a skill's source.</summary>
/// <param name="File">File as the author named it.</param>
/// <param name="Line">Line, counted from 1.</param>
/// <param name="IsError">Whether it prevents generation.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record AuthorProblem(string File, int Line, bool IsError, string Message)
{
    /// <summary>One line for a person: <c>file:line: message</c>.</summary>
    public override string ToString() => $"{File}:{Line}: {(IsError ? "" : "warning: ")}{Message}";
}
