using System.Collections.Frozen;
using System.Collections.Immutable;
using Luminarys.Trust;

namespace Luminarys.Skills.Trust;

/// <summary>
/// Judges the list of revoked keys. One that is there and not valid stops all loading, required or not: it was put there because a key is not to be trusted.
/// One that is missing, expired or older than before stops loading only where a list is required; elsewhere the newest keys known stay revoked, with a warning.
/// </summary>
internal static class RevocationCheck
{
    private const string File = "revocations.yaml";

    /// <summary>Judges what a folder holds.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="seen">The newest list seen before; null for none.</param>
    /// <param name="isRequired">Whether nothing may load without a list that is in date.</param>
    /// <param name="now">The present.</param>
    /// <param name="defences">All, but in tests.</param>
    public static RevocationVerdict Judge(TrustFolder folder, RevocationMark? seen, bool isRequired, DateTimeOffset now, TrustDefences defences)
    {
        ImmutableArray<KeyId> known = seen is null ? [] : seen.Keys;
        if (folder.IsRevocationListBroken && defences.ChecksLists)
        {
            return Refuse($"the list of revoked keys cannot be read; correct or replace {File} in the trust folder");
        }

        if (folder.Revocations is not { } list)
        {
            var missing = seen is null ? $"there is no list of revoked keys ({File})" : $"the list of revoked keys ({File}) is gone, number {seen.Number} was there before";
            return isRequired ? Refuse($"{missing}, and trust.revocation requires one; put the newest list into the trust folder")
                : new(known) { Warning = seen is null ? null : $"{missing}; its keys stay revoked, put the newest list back" };
        }

        if (defences.ChecksLists && FindFault(list, folder, seen) is { } fault)
        {
            return Refuse($"the list of revoked keys ({File}) is not valid: {fault}");
        }

        if (defences.RefusesOlderLists && seen is not null && list.Number < seen.Number)
        {
            var older = $"the list of revoked keys ({File}) has the number {list.Number}, {seen.Number} was there before; put the newest list back";
            return isRequired ? Refuse(older) : new(known) { Warning = $"{older}: until then the keys of number {seen.Number} stay revoked" };
        }

        if (defences.ChecksLists && !folder.Keys.First(record => record.Id == list.Voucher.Key).IsCurrent(now))
        {
            // It was valid once, so what it revoked stays revoked; what it leaves out comes back only by a list of somebody who has a say.
            var ended = $"the list of revoked keys ({File}) is signed by a key whose time is over; sign a newer one with a current delegate's key: lmsk trust revoke";
            return isRequired ? Refuse(ended) : new([.. known.Union(list.Keys)]) { Warning = ended };
        }

        var mark = seen is null || list.Number > seen.Number ? new RevocationMark(list.Number, list.Keys) : null;
        var expired = defences.ChecksExpiry && list.ExpiresAt < now
            ? $"the list of revoked keys ({File}) expired at {list.ExpiresAt:u}; get or make a newer one: lmsk trust revoke"
            : null;
        return new(list.Keys) { Refusal = isRequired ? expired : null, Warning = expired, Mark = mark };
    }

    private static string? FindFault(RevocationList list, TrustFolder folder, RevocationMark? seen)
    {
        var signer = folder.Keys.FirstOrDefault(record => record.Id == list.Voucher.Key);
        if (signer is null)
        {
            return $"it is signed by {list.Voucher.Key}, which is not known; sign it with a delegate's key";
        }

        if (!signer.IsDelegate || signer.Voucher is not null || signer.Status == KeyStatus.Revoked)
        {
            return $"key '{signer.Name}' may not revoke: that needs a delegate that the operator added in person; sign it with such a key";
        }

        if (!TrustDocuments.IsSigned(list, signer.PublicKey.Span))
        {
            return $"the signature of '{signer.Name}' does not match it; sign it again: lmsk trust revoke";
        }

        if (seen is null || list.Number < seen.Number)
        {
            return null;
        }

        // A key may announce its own end; after that it has no say.
        return list.Number > seen.Number
            ? seen.Keys.Contains(signer.Id) ? $"key '{signer.Name}' was itself revoked by list {seen.Number}; sign it with another delegate's key" : null
            : seen.Keys.ToFrozenSet().SetEquals(list.Keys) ? null : $"another list had the number {list.Number}; give it the number {list.Number + 1}";
    }

    private static RevocationVerdict Refuse(string refusal) => new([]) { Refusal = refusal };
}
