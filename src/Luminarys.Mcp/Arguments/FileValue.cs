namespace Luminarys.Mcp.Arguments;

/// <summary>What a skill gets in place of a file's handle: a path, or the content.</summary>
/// <param name="Path">Path of a copy; null when it is the content.</param>
/// <param name="Content">The content; empty when it is a path.</param>
internal readonly record struct FileValue(string? Path, ReadOnlyMemory<byte> Content);
