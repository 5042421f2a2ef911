namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>What protects the host from programs. Tests switch single ones off to show that they are needed; nothing else can.</summary>
internal sealed record ShellDefences
{
    public static ShellDefences All { get; } = new();

    /// <summary>The allowlist is asked.</summary>
    public bool Allowlist { get; init; } = true;

    /// <summary>Programs without a slash are looked up in the configured directories, not in the work directory.</summary>
    public bool OwnLookup { get; init; } = true;

    /// <summary>The environment is made from nothing.</summary>
    public bool CleanEnvironment { get; init; } = true;

    /// <summary>Handles of the host are closed.</summary>
    public bool ClosedHandles { get; init; } = true;

    /// <summary>Every process of the tree is looked for and killed, not just the program's own group.</summary>
    public bool WholeTree { get; init; } = true;

    /// <summary>Processes are marked by a limit, too, which an empty environment does not shed.</summary>
    public bool LimitMark { get; init; } = true;

    /// <summary><c>kill</c> and its like reach the skill's own daemons only.</summary>
    public bool OwnKill { get; init; } = true;

    /// <summary>The kernel fences the program in.</summary>
    public bool Fence { get; init; } = true;

    /// <summary>The fence goes around the directories that the grants named when the skill was loaded, not around what has their names now.</summary>
    public bool AnchoredFence { get; init; } = true;

    /// <summary>Programs that run as another user are refused.</summary>
    public bool NoSetId { get; init; } = true;

    /// <summary>Limits of files, file size and processor time.</summary>
    public bool Limits { get; init; } = true;
}
