namespace Luminarys.Ports;

/// <summary>How a walk goes.</summary>
/// <param name="MaxDepth">1 for direct children only; 0 for the host's limit.</param>
/// <param name="Enters">Whether to go into a directory, by its path from the start; null goes into all. Links are never followed.</param>
public sealed record WalkOptions(int MaxDepth = 0, Func<string, bool>? Enters = null);
