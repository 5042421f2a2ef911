using System.Security.Cryptography;

namespace Luminarys.Skills;

/// <summary>SHA-256 of the module that a skill runs. Two skills with equal digests run the same code.</summary>
/// <param name="Hex">64 lower-case hexadecimal digits.</param>
public readonly record struct PackageDigest(string Hex)
{
    /// <summary>Computes the digest of a module's bytes.</summary>
    public static PackageDigest Of(ReadOnlySpan<byte> module) => new(Convert.ToHexStringLower(SHA256.HashData(module)));

    /// <inheritdoc/>
    public override string ToString() => Hex ?? "";
}
