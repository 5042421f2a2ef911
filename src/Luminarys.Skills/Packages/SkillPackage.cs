using Luminarys.Skills.Keys;
using Luminarys.Trust;

namespace Luminarys.Skills.Packages;

/// <summary>A package whose signature is valid. Says nothing about whether its key is trusted.</summary>
/// <param name="Content">What it holds: parts of the buffer it was read from.</param>
/// <param name="Key">Key that signed it.</param>
/// <param name="PublicKey">The key itself: an uncompressed point of 65 bytes.</param>
/// <param name="SignedAt">When it was signed, by the signer's clock, in whole seconds.</param>
/// <param name="Digest">Digest of the module: equal for two packages that run the same code.</param>
/// <param name="FileDigest">Digest of the whole file, as a manifest may pin it.</param>
public sealed record SkillPackage(
    PackageContent Content,
    KeyId Key,
    ReadOnlyMemory<byte> PublicKey,
    DateTimeOffset SignedAt,
    PackageDigest Digest,
    PackageDigest FileDigest);
