namespace Luminarys.Skills.Keys;

/// <summary>A key file cannot be used. The message says why and what to do, and holds nothing of the key.</summary>
public sealed class KeyFileException(string message) : Exception(message);
