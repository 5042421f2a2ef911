using System.Security.Cryptography;
using System.Text;

namespace Luminarys.Transfers;

/// <summary>A secret that the master and the relay share. Never printed.</summary>
public sealed class RelayKey
{
    /// <summary>Bytes of a key.</summary>
    internal const int Size = 32;

    private readonly byte[] _secret;

    private RelayKey(byte[] secret)
    {
        _secret = secret;
        Number = BitConverter.ToUInt32(SHA256.HashData([.. "lm-relay-kid-v1"u8, .. secret]));
    }

    /// <summary>Tells keys apart, so that two may be in use while one is replaced. Says nothing about the key.</summary>
    public uint Number { get; }

    internal ReadOnlySpan<byte> Secret => _secret;

    /// <summary>A key that nobody else has: for a relay inside the master.</summary>
    public static RelayKey Create() => new(RandomNumberGenerator.GetBytes(Size));

    /// <summary>The key of an operator's secret (<c>cluster.relay.secret</c>).</summary>
    public static RelayKey OfSecret(string secret) => Derive(secret, "lm-relay-key-v1 secret"u8);

    /// <summary>The key that stands in for a secret: derived from the token of the bus, with a label of its own.</summary>
    public static RelayKey OfToken(string token) => Derive(token, "lm-relay-key-v1 token"u8);

    /// <inheritdoc/>
    public override string ToString() => $"relay key {Number:x8}";

    private static RelayKey Derive(string text, ReadOnlySpan<byte> label)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var secret = new byte[Size];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(text), secret, salt: default, label);
        return new(secret);
    }
}
