namespace Luminarys.Files.Native;

/// <summary>What the system tells about a file.</summary>
internal readonly record struct FileStatus(
    FileKind Kind, UnixFileMode Mode, long Length, DateTimeOffset Modified, uint Links, ulong Inode, ulong Device, ulong Mount)
{
    private const int KindMask = 0xF000;

    /// <summary>Owner, group and others; the other bits are never told or set.</summary>
    public const UnixFileMode Permissions = (UnixFileMode)0x1FF;

    /// <summary>Reads what <c>statx</c> filled.</summary>
    public static FileStatus From(in StatxBuffer buffer) => new(
        KindOf(buffer.Mode),
        (UnixFileMode)buffer.Mode & Permissions,
        (long)Math.Min(buffer.Size, long.MaxValue),
        ModifiedOf(buffer),
        buffer.Links,
        buffer.Inode,
        ((ulong)buffer.DeviceMajor << 32) | buffer.DeviceMinor,
        (buffer.Mask & Handles.MountMask) == 0 ? 0 : buffer.MountId);

    private static FileKind KindOf(ushort mode) => (mode & KindMask) switch
    {
        0x8000 => FileKind.Regular,
        0x4000 => FileKind.Directory,
        0xA000 => FileKind.Link,
        _ => FileKind.Other,
    };

    // Times outside of what .NET can hold occur on damaged disks.
    private static DateTimeOffset ModifiedOf(in StatxBuffer buffer)
    {
        var seconds = Math.Clamp(buffer.ModifiedSeconds, DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds() - 1);
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(buffer.ModifiedNanoseconds / 100);
    }
}
