namespace Luminarys.Runtime.Wasm;

/// <summary>Fence around programs that skills start, beside the allowlist.</summary>
public enum ProgramIsolation
{
    /// <summary>A program may touch whatever the host's user may.</summary>
    None,

    /// <summary>The kernel's Landlock limits a program to the skill's directories and the system's programs; none where the kernel lacks it.</summary>
    Landlock,

    /// <summary>The same, and a network of its own.</summary>
    Namespace,
}
