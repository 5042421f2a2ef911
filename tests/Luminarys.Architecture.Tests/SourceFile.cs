namespace Luminarys.Architecture.Tests;

/// <summary>One C# file.</summary>
/// <param name="Path">Path relative to the root, with slashes.</param>
/// <param name="Text">Content.</param>
internal sealed record SourceFile(string Path, string Text)
{
    /// <summary>The lines, without their ends; the empty text after the last line end is not one.</summary>
    public string[] Lines { get; } = Text.TrimEnd('\n').Split('\n');

    /// <summary>Name of the folder below <c>src</c>.</summary>
    public string Project => Path.Split('/')[1];
}
