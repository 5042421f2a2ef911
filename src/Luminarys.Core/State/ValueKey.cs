namespace Luminarys.State;

/// <summary>Name of a stored value.</summary>
/// <param name="Scope">A skill's id for its own values; empty for those that skills share.</param>
/// <param name="Key">The skill's own name for it.</param>
public readonly record struct ValueKey(string Scope, string Key);
