using System.Collections.Immutable;

namespace Luminarys.Trust;

/// <summary>Keys that must not be trusted any more, signed by a key that may vouch for others.</summary>
/// <param name="Number">Grows with every list; a lower number than one seen before is refused.</param>
/// <param name="ExpiresAt">Last moment at which the list proves that nothing newer was held back.</param>
/// <param name="Keys">The revoked keys.</param>
/// <param name="Voucher">Who signed it.</param>
public sealed record RevocationList(long Number, DateTimeOffset ExpiresAt, ImmutableArray<KeyId> Keys, Voucher Voucher);
