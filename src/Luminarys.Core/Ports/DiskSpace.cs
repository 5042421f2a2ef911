namespace Luminarys.Ports;

/// <summary>Space of the file system that holds a path, in bytes.</summary>
/// <param name="Total">All of it.</param>
/// <param name="Free">Not used, with what is reserved for the administrator.</param>
/// <param name="Available">What this user may still write.</param>
public readonly record struct DiskSpace(long Total, long Free, long Available);
