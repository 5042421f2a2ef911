using System.Collections.Frozen;
using Luminarys.Skills.Packages;
using Luminarys.Trust;

namespace Luminarys.Skills.Trust;

/// <summary>The keys that an operator trusts. A record with a signature counts as long as a current delegate vouches for it. Immutable and thread-safe.</summary>
public sealed class TrustStore
{
    private readonly FrozenDictionary<KeyId, KeyRecord> _keys;
    private readonly FrozenSet<KeyId> _broken;
    private readonly VoucherChain _chain;
    private readonly TrustDefences _defences;

    /// <summary>Makes a store.</summary>
    /// <param name="folder">What the trust folder holds; its list of revoked keys is not used here.</param>
    /// <param name="revoked">Keys of a list of revoked keys that is known to be valid.</param>
    public TrustStore(TrustFolder folder, IEnumerable<KeyId> revoked)
        : this(folder, revoked, TrustDefences.All)
    {
    }

    internal TrustStore(TrustFolder folder, IEnumerable<KeyId> revoked, TrustDefences defences)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(revoked);
        var byId = new Dictionary<KeyId, KeyRecord>();
        foreach (var key in folder.Keys)
        {
            byId[key.Id] = key;
        }

        _defences = defences;
        _keys = byId.ToFrozenDictionary();
        _broken = folder.BrokenKeys.ToFrozenSet();
        _chain = new VoucherChain(_keys, revoked.ToFrozenSet(), defences);
    }

    /// <summary>A store that trusts nobody.</summary>
    public static TrustStore Empty { get; } = new(TrustFolder.Empty, []);

    /// <summary>Judges the key of a package whose signature is valid.</summary>
    /// <param name="package">The package.</param>
    /// <param name="now">The present: a package signed in the future is not trusted.</param>
    public TrustVerdict Judge(SkillPackage package, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (_chain.IsRevoked(package.Key))
        {
            var name = _keys.TryGetValue(package.Key, out var known) ? $"'{known.Name}' ({package.Key})" : package.Key.Hex;
            return Distrust($"key {name} was revoked; get the package signed by another key") with { IsRefused = true };
        }

        if (_defences.RefusesBrokenRecords && _broken.Contains(package.Key))
        {
            return Distrust($"the record of key {package.Key} cannot be read; correct {package.Key}.yaml in the trust folder") with { IsRefused = true };
        }

        return _keys.TryGetValue(package.Key, out var record)
            ? Judge(package, record, now)
            : Distrust($"key {package.Key} is not known; if you trust it, run: lmsk trust add");
    }

    /// <summary>Why a record does not count now, although it is there; null when it counts.</summary>
    /// <param name="record">A record of this store.</param>
    /// <param name="now">The present.</param>
    public string? FindDoubt(KeyRecord record, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(record);
        return _chain.IsRevoked(record.Id) ? $"key '{record.Name}' was revoked" : _chain.FindDoubt(record, now);
    }

    private TrustVerdict Judge(SkillPackage package, KeyRecord record, DateTimeOffset now)
    {
        if (_defences.ChecksPrefixes && !record.Covers(package.Content.Id))
        {
            return Distrust($"key '{record.Name}' may sign {string.Join(", ", record.Prefixes)}, not {package.Content.Id}; add a prefix to its record if it should");
        }

        if (_defences.ChecksTimes && package.SignedAt > now + TimeSpan.FromDays(1))
        {
            return Distrust($"it was signed at {package.SignedAt:u}, which is in the future; check the clocks");
        }

        var isInTime = (record.ValidFrom is not { } from || package.SignedAt >= from) && (record.ValidTo is not { } to || package.SignedAt <= to);
        var isRetired = record.Status == KeyStatus.Retired && record.ValidTo is null;
        if (_defences.ChecksTimes && (!isInTime || isRetired))
        {
            return Distrust($"key '{record.Name}' was not valid at {package.SignedAt:u}; get the package signed again");
        }

        return _chain.FindDoubt(record, now) is { } doubt ? Distrust(doubt) : new(true, $"signed by '{record.Name}'");
    }

    private static TrustVerdict Distrust(string reason) => new(false, reason);
}
