namespace Luminarys.Ports;

/// <summary>A file that shall come from another node.</summary>
/// <param name="Transfer">Name of the transfer: the same one finds what an earlier attempt has left.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Fingerprint">What it is at its source; what is left of another is thrown away.</param>
/// <param name="Mode">Permission bits, 0 to 0777, that it has from its first moment under its name on.</param>
/// <param name="Overwrites">Whether it may take the place of a file that has the name.</param>
public sealed record IncomingFile(UInt128 Transfer, long Length, UInt128 Fingerprint, UnixFileMode Mode, bool Overwrites);
