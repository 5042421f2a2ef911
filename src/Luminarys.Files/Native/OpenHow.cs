using System.Runtime.InteropServices;

namespace Luminarys.Files.Native;

/// <summary>The last argument of <c>openat2</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OpenHow
{
    public const ulong NoMagicLinks = 0x02;
    public const ulong NoLinks = 0x04;
    public const ulong Beneath = 0x08;

    public ulong Flags;
    public ulong Mode;
    public ulong Resolve;
}
