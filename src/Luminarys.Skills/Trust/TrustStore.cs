using System.Collections.Frozen;
using Luminarys.Skills.Packages;
using Luminarys.Trust;

namespace Luminarys.Skills.Trust;

/// <summary>The keys that an operator trusts. Immutable and thread-safe.</summary>
public sealed class TrustStore
{
    private readonly FrozenDictionary<KeyId, KeyRecord> _keys;
    private readonly FrozenSet<KeyId> _revoked;

    /// <summary>Makes a store.</summary>
    /// <param name="keys">Records; of two with the same key the last one counts.</param>
    /// <param name="revoked">Keys of a valid revocation list.</param>
    public TrustStore(IEnumerable<KeyRecord> keys, IEnumerable<KeyId> revoked)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(revoked);
        var byId = new Dictionary<KeyId, KeyRecord>();
        foreach (var key in keys)
        {
            byId[key.Id] = key;
        }

        _keys = byId.ToFrozenDictionary();
        _revoked = revoked.ToFrozenSet();
    }

    /// <summary>A store that trusts nobody.</summary>
    public static TrustStore Empty { get; } = new([], []);

    /// <summary>Judges the key of a package whose signature is valid.</summary>
    /// <param name="package">The package.</param>
    /// <param name="now">The present: a package signed in the future is not trusted.</param>
    public TrustVerdict Judge(SkillPackage package, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (_revoked.Contains(package.Key))
        {
            return Distrust($"key {package.Key} was revoked; get the package signed by another key");
        }

        return _keys.TryGetValue(package.Key, out var record)
            ? Judge(package, record, now)
            : Distrust($"key {package.Key} is not known; if you trust it, run: lmsk trust add");
    }

    private static TrustVerdict Judge(SkillPackage package, KeyRecord record, DateTimeOffset now)
    {
        if (record.Status == KeyStatus.Revoked)
        {
            return Distrust($"key '{record.Name}' was revoked; get the package signed by another key");
        }

        if (!record.Covers(package.Content.Id))
        {
            return Distrust($"key '{record.Name}' may sign {string.Join(", ", record.Prefixes)}, not {package.Content.Id}; add a prefix to its record if it should");
        }

        if (package.SignedAt > now + TimeSpan.FromDays(1))
        {
            return Distrust($"it was signed at {package.SignedAt:u}, which is in the future; check the clocks");
        }

        var isInTime = (record.ValidFrom is not { } from || package.SignedAt >= from) && (record.ValidTo is not { } to || package.SignedAt <= to);
        var isRetired = record.Status == KeyStatus.Retired && record.ValidTo is null;
        return isInTime && !isRetired
            ? new(true, $"signed by '{record.Name}'")
            : Distrust($"key '{record.Name}' was not valid at {package.SignedAt:u}; get the package signed again");
    }

    private static TrustVerdict Distrust(string reason) => new(false, reason);
}
