namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its code; null when there is none.</param>
/// <param name="IsTimeout">Whether its time was up.</param>
/// <param name="IsCodeUnknown">Whether another part of the process has taken its code.</param>
/// <param name="Left">How many of its processes the system did not end in time.</param>
internal sealed record ProgramOutcome(int? ExitCode, bool IsTimeout, bool IsCodeUnknown, int Left);
