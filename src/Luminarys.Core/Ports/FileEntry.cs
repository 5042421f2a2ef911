namespace Luminarys.Ports;

/// <summary>One name in a directory.</summary>
/// <param name="Name">Base name.</param>
/// <param name="IsDirectory">Whether it is a directory, or a link to one that is granted.</param>
/// <param name="IsLink">Whether it is a symbolic link.</param>
/// <param name="Length">Bytes; 0 for a directory.</param>
/// <param name="Modified">Last change, in UTC.</param>
/// <param name="Mode">Permission bits, 0 to 0777.</param>
public sealed record FileEntry(string Name, bool IsDirectory, bool IsLink, long Length, DateTimeOffset Modified, UnixFileMode Mode);
