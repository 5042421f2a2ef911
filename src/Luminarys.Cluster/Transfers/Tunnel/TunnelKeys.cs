using System.Security.Cryptography;

namespace Luminarys.Cluster.Transfers.Tunnel;

/// <summary>Keys of one attempt, one for each direction. Never printed.</summary>
/// <param name="FromSource">For what the source sends.</param>
/// <param name="FromSink">For what the sink sends.</param>
internal sealed record TunnelKeys(byte[] FromSource, byte[] FromSink)
{
    /// <summary>HKDF-SHA256: the transcript is the salt, the labels tell the directions apart.</summary>
    public static TunnelKeys Derive(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> transcript)
    {
        Span<byte> root = stackalloc byte[SHA256.HashSizeInBytes];
        HKDF.Extract(HashAlgorithmName.SHA256, secret, transcript, root);
        var keys = new TunnelKeys(new byte[32], new byte[32]);
        HKDF.Expand(HashAlgorithmName.SHA256, root, keys.FromSource, "lm-tun-s2r"u8);
        HKDF.Expand(HashAlgorithmName.SHA256, root, keys.FromSink, "lm-tun-r2s"u8);
        CryptographicOperations.ZeroMemory(root);
        return keys;
    }

    /// <inheritdoc/>
    public override string ToString() => "tunnel keys";
}
