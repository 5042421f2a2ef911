namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>One of the system's limits.</summary>
/// <param name="Option">Its name on the command line of <c>prlimit</c>.</param>
/// <param name="Resource">Its number.</param>
/// <param name="Value">Its height.</param>
internal readonly record struct ProgramLimit(string Option, int Resource, ulong Value);
