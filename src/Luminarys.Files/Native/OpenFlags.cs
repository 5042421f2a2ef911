using System.Runtime.InteropServices;

namespace Luminarys.Files.Native;

/// <summary>Flags of <c>openat</c>. Two of them have other numbers on ARM and POWER than elsewhere.</summary>
internal static class OpenFlags
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NoTerminal = 0x100;
    public const int Append = 0x400;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    /// <summary>A handle that names the file and neither reads nor writes it.</summary>
    public const int Path = 0x200000;

    private static readonly bool s_swapped = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm or Architecture.Armv6
        or Architecture.Ppc64le;

    public static int Directory { get; } = s_swapped ? 0x4000 : 0x10000;

    public static int NoFollow { get; } = s_swapped ? 0x8000 : 0x20000;
}
