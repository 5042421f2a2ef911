using System.Numerics;
using System.Security.Cryptography;

namespace Luminarys.Skills.Keys;

/// <summary>
/// ECDSA over P-256 with SHA-256, as the two numbers r and s of 32 bytes each. Of the two valid values of s only the lower one is made and taken:
/// nobody can change a signature's bytes without its key.
/// </summary>
internal static class PackageSignature
{
    public const int Size = 64;
    private const int HalfSize = 32;

    // The order of the group of P-256 (SEC 2, secp256r1).
    private static readonly BigInteger s_order = new(
        Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);

    public static byte[] Sign(ECDsa key, ReadOnlySpan<byte> digest)
    {
        var signature = key.SignHash(digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        var half = ReadHalf(signature);
        if (half > s_order / 2)
        {
            signature.AsSpan(HalfSize).Clear();
            var low = (s_order - half).ToByteArray(isUnsigned: true, isBigEndian: true);
            low.CopyTo(signature, Size - low.Length);
        }

        return signature;
    }

    public static bool IsValid(ECDsa key, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) =>
        signature.Length == Size
        && ReadHalf(signature) <= s_order / 2
        && key.VerifyHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    private static BigInteger ReadHalf(ReadOnlySpan<byte> signature) => new(signature[HalfSize..], isUnsigned: true, isBigEndian: true);
}
