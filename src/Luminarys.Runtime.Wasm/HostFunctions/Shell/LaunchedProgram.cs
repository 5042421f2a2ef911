namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>A program that was started, or why it was not.</summary>
/// <param name="Tree">Its processes; the first one leads a new session. Null when it was not started.</param>
/// <param name="Pid">Its process; 0 when it was not started.</param>
/// <param name="Output">Handle of the pipe that holds both of its streams. Owned by whoever asked; -1 when it was not started.</param>
/// <param name="Error">System error number; 0 when it was started.</param>
/// <param name="Shortfall">A protection that the system did not give; null when it gave all.</param>
internal sealed record LaunchedProgram(ProcessTree? Tree, int Pid, int Output, int Error, string? Shortfall)
{
    /// <summary>A program that did not start.</summary>
    public static LaunchedProgram Failed(int error, string? shortfall = null) => new(null, 0, -1, error, shortfall);
}
