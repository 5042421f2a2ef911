namespace Luminarys.Trust;

/// <summary>A key's signature over a document of the trust folder.</summary>
/// <param name="Key">The key that vouches.</param>
/// <param name="Signature">64 bytes: r and s.</param>
public sealed record Voucher(KeyId Key, ReadOnlyMemory<byte> Signature);
