namespace Luminarys.Ports;

/// <summary>One entry below the start of a walk. Good until the walk moves on.</summary>
/// <param name="RelativePath">Path from the start, with <c>/</c>.</param>
/// <param name="Entry">What it is.</param>
/// <param name="Open">
/// Opens a regular file for reading, judged by all grants like any other; the caller owns the stream. A directory or a link answers a fault.
/// </param>
public sealed record WalkedEntry(string RelativePath, FileEntry Entry, Func<FileResult<Stream>> Open);
