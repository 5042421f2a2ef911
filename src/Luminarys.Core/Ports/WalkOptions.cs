namespace Luminarys.Ports;

/// <summary>How a walk goes.</summary>
/// <param name="MaxDepth">1 for direct children only; 0 for the host's limit.</param>
/// <param name="Enters">Whether to go into a directory, by its path from the start; null goes into all. Links are never followed.</param>
/// <param name="OnLimit">
/// Told, at most once, when a limit of the host (64 levels, 100,000 names) kept something from the walk: a level below is left out, and after the
/// last name the walk ends. A <paramref name="MaxDepth"/> below the host's limit is not told.
/// </param>
public sealed record WalkOptions(int MaxDepth = 0, Func<string, bool>? Enters = null, Action<FileFault>? OnLimit = null);
