using System.Collections.Frozen;
using Luminarys.Trust;

namespace Luminarys.Skills.Trust;

/// <summary>Follows the signatures of records up to one that the operator added in person.</summary>
internal sealed class VoucherChain(FrozenDictionary<KeyId, KeyRecord> keys, FrozenSet<KeyId> revoked, TrustDefences defences)
{
    /// <summary>Whether a list or its own record revokes a key.</summary>
    public bool IsRevoked(KeyId key) =>
        defences.HeedsRevocations && (revoked.Contains(key) || (keys.TryGetValue(key, out var record) && record.Status == KeyStatus.Revoked));

    /// <summary>Why nobody who may vouches for a record; null when the operator does, or a delegate.</summary>
    public string? FindDoubt(KeyRecord record, DateTimeOffset now)
    {
        var seen = new HashSet<KeyId>();
        for (var at = record; at.Voucher is { } voucher;)
        {
            if (!seen.Add(at.Id))
            {
                return defences.RefusesCircles
                    ? $"key '{record.Name}' is vouched for by keys that vouch for each other; let a key vouch that the operator added: lmsk trust add"
                    : null;
            }

            if (!keys.TryGetValue(voucher.Key, out var delegated))
            {
                return $"key '{at.Name}' is vouched for by {voucher.Key}, which is not known; add that key, or add '{at.Name}' itself: lmsk trust add";
            }

            if (FindFault(at, delegated, now) is { } fault)
            {
                return fault;
            }

            at = delegated;
        }

        return null;
    }

    private string? FindFault(KeyRecord record, KeyRecord delegated, DateTimeOffset now)
    {
        if (defences.ChecksDelegates && FindDisability(delegated, now) is { } disability)
        {
            return $"key '{record.Name}' is vouched for by '{delegated.Name}', which {disability}; let a current delegate vouch: lmsk trust delegate";
        }

        if (defences.BoundsPrefixes && record.Prefixes.FirstOrDefault(prefix => !delegated.Covers(prefix)) is { } excess)
        {
            return $"key '{record.Name}' claims the prefix '{excess}', which its delegate '{delegated.Name}' does not have; vouch for it without that prefix: lmsk trust delegate";
        }

        return defences.ChecksVouchers && !TrustDocuments.IsSigned(record, delegated.PublicKey.Span)
            ? $"the signature of '{delegated.Name}' over the record of '{record.Name}' is not valid; vouch for it again: lmsk trust delegate"
            : null;
    }

    private string? FindDisability(KeyRecord delegated, DateTimeOffset now) =>
        IsRevoked(delegated.Id) ? "was revoked"
        : !delegated.IsDelegate ? "is not a delegate"
        : !delegated.IsCurrent(now) ? "is not valid now"
        : null;
}
