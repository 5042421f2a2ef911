namespace Luminarys.Files.Native;

/// <summary>What the system tells about a file.</summary>
internal readonly record struct FileStatus(
    FileKind Kind, UnixFileMode Mode, long Length, DateTimeOffset Modified, uint Links, ulong Inode, ulong Device, ulong Mount)
{
    private const int KindMask = 0xF000;

    /// <summary>Owner, group and others; the other bits are never told or set.</summary>
    public const UnixFileMode Permissions = (UnixFileMode)0x1FF;

    /// <summary>When its content changed, in nanoseconds of the system's clock; wraps.</summary>
    public long ModifiedStamp { get; private init; }

    /// <summary>When anything about it changed, in nanoseconds of the system's clock; wraps.</summary>
    public long ChangedStamp { get; private init; }

    /// <summary>Reads what <c>statx</c> filled.</summary>
    public static FileStatus From(in StatxBuffer buffer) => new(
        KindOf(buffer.Mode),
        (UnixFileMode)buffer.Mode & Permissions,
        (long)Math.Min(buffer.Size, long.MaxValue),
        ModifiedOf(buffer),
        buffer.Links,
        buffer.Inode,
        ((ulong)buffer.DeviceMajor << 32) | buffer.DeviceMinor,
        (buffer.Mask & Handles.MountMask) == 0 ? 0 : buffer.MountId)
    {
        ModifiedStamp = StampOf(buffer.ModifiedSeconds, buffer.ModifiedNanoseconds),
        ChangedStamp = StampOf(buffer.ChangedSeconds, buffer.ChangedNanoseconds),
    };

    private static FileKind KindOf(ushort mode) => (mode & KindMask) switch
    {
        0x8000 => FileKind.Regular,
        0x4000 => FileKind.Directory,
        0xA000 => FileKind.Link,
        _ => FileKind.Other,
    };

    private static long StampOf(long seconds, uint nanoseconds) => unchecked((seconds * 1_000_000_000) + nanoseconds);

    // Times outside of what .NET can hold occur on damaged disks.
    private static DateTimeOffset ModifiedOf(in StatxBuffer buffer)
    {
        var seconds = Math.Clamp(buffer.ModifiedSeconds, DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds() - 1);
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(buffer.ModifiedNanoseconds / 100);
    }
}
