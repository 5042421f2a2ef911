using System.Security.Cryptography;

namespace Luminarys.Cluster.Transfers.Tunnel;

/// <summary>
/// One end's share of the keys of one attempt: ECDH on P-256, made for it and thrown away with it, so that no two attempts ever share a key. Public keys
/// travel in offer and acceptance as uncompressed points.
/// </summary>
internal sealed class TunnelKeyPair : IDisposable
{
    /// <summary>Bytes of a public key.</summary>
    public const int PublicKeySize = 1 + (2 * CoordinateSize);

    private const int CoordinateSize = 32;
    private const byte Uncompressed = 4;

    private readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Makes a pair.</summary>
    public TunnelKeyPair()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        PublicKey = [Uncompressed, .. point.X!, .. point.Y!];
    }

    /// <summary>The share to send.</summary>
    public byte[] PublicKey { get; }

    /// <summary>
    /// The keys that only the two ends know. Whoever altered a byte of the offer or the acceptance on their way made two different transcripts, and so two
    /// different sets of keys.
    /// </summary>
    /// <param name="other">The other end's share.</param>
    /// <param name="transcript">SHA-256 of offer and acceptance as they were sent.</param>
    /// <returns>Null when the share is no point of the curve.</returns>
    public TunnelKeys? Agree(ReadOnlySpan<byte> other, ReadOnlySpan<byte> transcript)
    {
        if (other.Length != PublicKeySize || other[0] != Uncompressed)
        {
            return null;
        }

        try
        {
            using var peer = ECDiffieHellman.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new() { X = other.Slice(1, CoordinateSize).ToArray(), Y = other[(1 + CoordinateSize)..].ToArray() },
            });
            var secret = _key.DeriveRawSecretAgreement(peer.PublicKey);
            try
            {
                return TunnelKeys.Derive(secret, transcript);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(secret);
            }
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
