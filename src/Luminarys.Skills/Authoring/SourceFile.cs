namespace Luminarys.Skills.Authoring;

/// <summary>One file of a skill's source.</summary>
/// <param name="Name">As the author named it, for messages.</param>
/// <param name="Text">Its content.</param>
public sealed record SourceFile(string Name, string Text);
