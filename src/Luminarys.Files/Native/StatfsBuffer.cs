using System.Runtime.InteropServices;
using Luminarys.Ports;

namespace Luminarys.Files.Native;

/// <summary>What <c>fstatfs</c> fills on the 64-bit systems that .NET runs on.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct StatfsBuffer
{
    [FieldOffset(0)]
    public long Type;

    [FieldOffset(8)]
    public long BlockSize;

    [FieldOffset(16)]
    public ulong Blocks;

    [FieldOffset(24)]
    public ulong FreeBlocks;

    [FieldOffset(32)]
    public ulong AvailableBlocks;

    [FieldOffset(72)]
    public long FragmentSize;

    /// <summary>The figures in bytes.</summary>
    public readonly DiskSpace ToDiskSpace()
    {
        var size = FragmentSize > 0 ? FragmentSize : BlockSize;
        return new((long)Blocks * size, (long)FreeBlocks * size, (long)AvailableBlocks * size);
    }
}
