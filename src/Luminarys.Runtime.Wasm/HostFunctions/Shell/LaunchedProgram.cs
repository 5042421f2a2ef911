namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>A program that was started, or why it was not.</summary>
/// <param name="Pid">Its process, leader of a new session; 0 when it was not started.</param>
/// <param name="Output">Handle of the pipe that holds both of its streams. Owned by whoever asked; -1 when it was not started.</param>
/// <param name="Error">System error number; 0 when it was started.</param>
/// <param name="Shortfall">A protection that the system did not give; null when it gave all.</param>
internal sealed record LaunchedProgram(int Pid, int Output, int Error, string? Shortfall);
