namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>Where a program is.</summary>
/// <param name="Path">What to start; null when it was not found or is refused.</param>
/// <param name="BaseName">Name of the file itself, behind all links.</param>
/// <param name="Refusal">Why it is refused; null when it is not.</param>
internal sealed record FoundProgram(string? Path, string BaseName, string? Refusal);
