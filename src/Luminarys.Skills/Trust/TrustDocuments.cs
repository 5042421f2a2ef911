using System.Security.Cryptography;
using Luminarys.Skills.Keys;
using Luminarys.Trust;

namespace Luminarys.Skills.Trust;

/// <summary>Signatures over the documents of a trust folder: records of keys, and the list of revoked ones. What is signed is their meaning, not the text of their files.</summary>
public static class TrustDocuments
{
    /// <summary>Vouches for a record: it counts wherever the key is trusted as a delegate.</summary>
    /// <param name="record">The record; must hold its public key. A signature that it has is replaced.</param>
    /// <param name="key">Key of the delegate.</param>
    public static KeyRecord Sign(KeyRecord record, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(key);
        return record.PublicKey.IsEmpty
            ? throw new ArgumentException("The record names no public key.", nameof(record))
            : record with { Voucher = new(key.Id, key.Sign(SHA256.HashData(SignedBytes(record, key.Id)))) };
    }

    /// <summary>Makes a signed list of revoked keys. It stands for all that is revoked: a key that a later list leaves out is no longer revoked.</summary>
    /// <param name="number">Must be greater than that of every list before.</param>
    /// <param name="expiresAt">Last moment at which the list is in date, in whole seconds.</param>
    /// <param name="keys">The revoked keys.</param>
    /// <param name="key">A delegate's key that the operator added in person.</param>
    public static RevocationList Revoke(long number, DateTimeOffset expiresAt, IEnumerable<KeyId> keys, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        var list = new RevocationList(number, expiresAt, [.. keys], new(key.Id, ReadOnlyMemory<byte>.Empty));
        return list with { Voucher = new(key.Id, key.Sign(SHA256.HashData(SignedBytes(list)))) };
    }

    /// <summary>Whether a record carries a valid signature of this key. Says nothing about whether the key may vouch.</summary>
    /// <param name="record">The record.</param>
    /// <param name="publicKey">Uncompressed point, 65 bytes.</param>
    public static bool IsSigned(KeyRecord record, ReadOnlySpan<byte> publicKey)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.Voucher is { } voucher && IsSigned(SignedBytes(record, voucher.Key), voucher, publicKey);
    }

    /// <summary>Whether a list carries a valid signature of this key. Says nothing about whether the key may revoke.</summary>
    /// <param name="list">The list.</param>
    /// <param name="publicKey">Uncompressed point, 65 bytes.</param>
    public static bool IsSigned(RevocationList list, ReadOnlySpan<byte> publicKey)
    {
        ArgumentNullException.ThrowIfNull(list);
        return IsSigned(SignedBytes(list), list.Voucher, publicKey);
    }

    /// <summary>What a delegate signs of a record. Times count in whole seconds.</summary>
    /// <param name="record">The record.</param>
    /// <param name="signer">Key that signs.</param>
    public static byte[] SignedBytes(KeyRecord record, KeyId signer)
    {
        ArgumentNullException.ThrowIfNull(record);
        var content = new SignedContent("luminarys-key-v1\0"u8);
        content.Key(signer);
        content.Bytes(record.PublicKey.Span);
        content.Text(record.Name);
        content.Number(record.Prefixes.Length);
        foreach (var prefix in record.Prefixes)
        {
            content.Text(prefix);
        }

        content.Time(record.ValidFrom);
        content.Time(record.ValidTo);
        content.Number((int)record.Status);
        content.Number(record.IsDelegate ? 1 : 0);
        return content.ToArray();
    }

    /// <summary>What is signed of a list of revoked keys; its voucher names the signer.</summary>
    public static byte[] SignedBytes(RevocationList list)
    {
        ArgumentNullException.ThrowIfNull(list);
        var content = new SignedContent("luminarys-revocations-v1\0"u8);
        content.Key(list.Voucher.Key);
        content.Number(list.Number);
        content.Time(list.ExpiresAt);
        content.Number(list.Keys.Length);
        foreach (var key in list.Keys)
        {
            content.Key(key);
        }

        return content.ToArray();
    }

    private static bool IsSigned(byte[] content, Voucher voucher, ReadOnlySpan<byte> publicKey)
    {
        using var key = PublicPoint.TryOpen(publicKey);
        return key is not null
            && KeyId.Of(publicKey) == voucher.Key
            && PackageSignature.IsValid(key, SHA256.HashData(content), voucher.Signature.Span);
    }
}
