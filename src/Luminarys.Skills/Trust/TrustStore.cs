using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
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
        return TryFind(package.Key, out var record, out var verdict) ? Judge(package, record, now) : verdict;
    }

    /// <summary>
    /// Judges a key as the signer of a package that is not at hand: another node has it and says who signed it. The key must be known, cover the package
    /// and count now; when the package was signed is not known here.
    /// </summary>
    /// <param name="signer">The key.</param>
    /// <param name="package">The package.</param>
    /// <param name="now">The present.</param>
    public TrustVerdict Judge(KeyId signer, PackageId package, DateTimeOffset now) =>
        !TryFind(signer, out var record, out var verdict) ? verdict
        : FindUncovered(record, package) is { } uncovered ? Distrust(uncovered)
        : record.Status == KeyStatus.Retired && record.ValidTo is null ? Distrust($"key '{record.Name}' is retired")
        : _chain.FindDoubt(record, now) is { } doubt ? Distrust(doubt)
        : new(true, $"signed by '{record.Name}'");

    /// <summary>Why a record does not count now, although it is there; null when it counts.</summary>
    /// <param name="record">A record of this store.</param>
    /// <param name="now">The present.</param>
    public string? FindDoubt(KeyRecord record, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(record);
        return _chain.IsRevoked(record.Id) ? $"key '{record.Name}' was revoked" : _chain.FindDoubt(record, now);
    }

    private bool TryFind(KeyId key, [NotNullWhen(true)] out KeyRecord? record, [NotNullWhen(false)] out TrustVerdict? verdict)
    {
        if (_chain.IsRevoked(key))
        {
            var name = _keys.TryGetValue(key, out var known) ? $"'{known.Name}' ({key})" : key.Hex;
            (record, verdict) = (null, Distrust($"key {name} was revoked; get the package signed by another key") with { IsRefused = true });
        }
        else if (_defences.RefusesBrokenRecords && _broken.Contains(key))
        {
            (record, verdict) = (null, Distrust($"the record of key {key} cannot be read; correct {key}.yaml in the trust folder") with { IsRefused = true });
        }
        else
        {
            verdict = _keys.TryGetValue(key, out record) ? null : Distrust($"key {key} is not known; if you trust it, run: lmsk trust add");
        }

        return verdict is null && record is not null;
    }

    private string? FindUncovered(KeyRecord record, PackageId package) => _defences.ChecksPrefixes && !record.Covers(package)
        ? $"key '{record.Name}' may sign {string.Join(", ", record.Prefixes)}, not {package}; add a prefix to its record if it should"
        : null;

    private TrustVerdict Judge(SkillPackage package, KeyRecord record, DateTimeOffset now)
    {
        if (FindUncovered(record, package.Content.Id) is { } uncovered)
        {
            return Distrust(uncovered);
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
