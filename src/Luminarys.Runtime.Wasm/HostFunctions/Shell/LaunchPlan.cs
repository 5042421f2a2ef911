using Microsoft.Win32.SafeHandles;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>One program to start.</summary>
/// <param name="Program">Absolute path, or one that begins with <c>./</c> and starts from the work directory.</param>
/// <param name="Arguments">Its words; the first one is the program's name.</param>
/// <param name="Environment">All that it sees, as <c>NAME=value</c>.</param>
/// <param name="WorkDirectory">Where it runs. Not owned.</param>
/// <param name="Fence">What the kernel lets it touch; null for no fence.</param>
/// <param name="Mark">What all of its processes carry.</param>
internal sealed record LaunchPlan(
    string Program,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<string> Environment,
    SafeFileHandle WorkDirectory,
    ProgramFence? Fence,
    ProcessMark Mark)
{
    /// <summary>Most processor time, in seconds; 0 for no limit.</summary>
    public long ProcessorTime { get; init; }

    /// <summary>Whether the program gets a network of its own, which leads nowhere.</summary>
    public bool HasOwnNetwork { get; init; }
}
