using System.Buffers.Binary;
using System.Security.Cryptography;
using Luminarys.Skills.Keys;
using Luminarys.Skills.Trust;
using Luminarys.Trust;

namespace Luminarys.Skills.Packages;

/// <summary>
/// Reads package files. The signature covers every byte but those of the sections, and the header holds their digests: a file with one changed byte
/// is refused before anything inside it is parsed.
/// </summary>
public static class SkillPackageReader
{
    private static readonly DateTimeOffset s_latest = DateTimeOffset.MaxValue;

    /// <summary>Reads a package and checks its signature. The result's memories are parts of <paramref name="file"/>.</summary>
    public static PackageResult Read(ReadOnlyMemory<byte> file) => Read(file, TrustDefences.All);

    /// <summary>Whether a file claims to be a package.</summary>
    internal static bool IsPackage(ReadOnlySpan<byte> file) => file.StartsWith(PackageFormat.Magic);

    internal static PackageResult Read(ReadOnlyMemory<byte> file, TrustDefences defences)
    {
        var bytes = file.Span;
        if (!IsPackage(bytes))
        {
            return Refuse("it is not a skill package; make one with: lmsk sign");
        }

        if (bytes.Length < PackageFormat.PrefixSize)
        {
            return Refuse("it is cut short; copy it again");
        }

        var version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[PackageFormat.Magic.Length..]);
        if (version != PackageFormat.Version)
        {
            return Refuse($"it has format version {version}, this host reads {PackageFormat.Version}; sign it with lmsk of this version");
        }

        var headerLength = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(PackageFormat.PrefixSize - sizeof(uint))..]);
        var signatureAt = PackageFormat.PrefixSize + (int)Math.Min(headerLength, PackageFormat.MaxHeader);
        if (headerLength > PackageFormat.MaxHeader || bytes.Length < signatureAt + PackageSignature.Size)
        {
            return Refuse("its header is too long or the file is cut short; copy it again");
        }

        return Read(file, signatureAt, defences);
    }

    private static PackageResult Read(ReadOnlyMemory<byte> file, int signatureAt, TrustDefences defences)
    {
        var bytes = file.Span;
        var reader = new HeaderReader(bytes[PackageFormat.PrefixSize..signatureAt]);
        var algorithm = reader.Byte();
        var publicKey = reader.Bytes(PublicPoint.Size);
        if (algorithm != PackageFormat.EcdsaP256)
        {
            return Refuse($"it is signed with an unknown algorithm ({algorithm}); sign it with lmsk of this version");
        }

        if (defences.ChecksSignatures && !IsSigned(bytes, signatureAt, publicKey))
        {
            return Refuse("its signature is not valid: the file was changed or damaged; get it again from its author");
        }

        var signedAt = reader.Int64();
        var id = reader.Text(PackageFormat.MaxIdLength);
        var version = reader.Text(PackageFormat.MaxVersionLength);
        var descriptor = reader.Section();
        var module = reader.Section();
        if (!reader.IsComplete || descriptor.Length > PackageFormat.MaxDescriptor || signedAt < 0 || signedAt > s_latest.ToUnixTimeSeconds())
        {
            return Refuse("its header is malformed, although it is signed; sign it with lmsk");
        }

        var sections = file[(signatureAt + PackageSignature.Size)..];
        var rest = sections.Length - ((long)descriptor.Length + module.Length);
        if (rest < 0 || (rest > 0 && defences.RefusesTrailingBytes))
        {
            return Refuse("it is cut short or has bytes after its end; copy it again");
        }

        var descriptorBytes = sections[..(int)descriptor.Length];
        var moduleBytes = sections.Slice((int)descriptor.Length, (int)module.Length);
        return !defences.ChecksDigests || (Matches(descriptorBytes, descriptor.Digest) && Matches(moduleBytes, module.Digest))
            ? new(
                new(
                    new(new PackageId(id), version, descriptorBytes, moduleBytes),
                    KeyId.Of(publicKey),
                    publicKey.ToArray(),
                    DateTimeOffset.FromUnixTimeSeconds(signedAt),
                    PackageDigest.Of(moduleBytes.Span),
                    PackageDigest.Of(file.Span)),
                null)
            : Refuse("its content is not what was signed: the file was changed or damaged; get it again from its author");
    }

    private static bool IsSigned(ReadOnlySpan<byte> file, int signatureAt, ReadOnlySpan<byte> publicKey)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(PackageFormat.Context);
        hash.AppendData(file[..signatureAt]);
        using var key = PublicPoint.TryOpen(publicKey);
        return key is not null && PackageSignature.IsValid(key, hash.GetHashAndReset(), file.Slice(signatureAt, PackageSignature.Size));
    }

    private static bool Matches(ReadOnlyMemory<byte> section, byte[] digest) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(section.Span), digest);

    private static PackageResult Refuse(string fault) => new(null, fault);
}
