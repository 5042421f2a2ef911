namespace Luminarys.Ports;

/// <summary>A file that shall come from another node.</summary>
/// <param name="Transfer">Name of the transfer.</param>
/// <param name="Origin">
/// What is copied, as a digest of its node, path, size and <see cref="IOutgoingFile.Fingerprint"/>: what an earlier transfer has left of the same is used, and
/// of another is not.
/// </param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Mode">Permission bits, 0 to 0777, that it has from its first moment under its name on.</param>
/// <param name="Overwrites">Whether it may take the place of a file that has the name.</param>
public sealed record IncomingFile(UInt128 Transfer, UInt128 Origin, long Length, UnixFileMode Mode, bool Overwrites);
