using Luminarys.Skills;
using Luminarys.Trust;

namespace Luminarys.Ports;

/// <summary>Whether the operator trusts a key for a package, at the time the check was made. Thread-safe; never waits.</summary>
/// <param name="signer">The key.</param>
/// <param name="package">The package.</param>
public delegate bool SignerCheck(KeyId signer, PackageId package);
