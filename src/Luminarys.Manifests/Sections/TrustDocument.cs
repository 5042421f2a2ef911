using System.Collections.Immutable;
using Luminarys.Manifests.Validation;
using Luminarys.Manifests.Yaml;
using Luminarys.Trust;

namespace Luminarys.Manifests.Sections;

/// <summary>The two kinds of file in a trust folder.</summary>
internal static class TrustDocument
{
    private const int MaxPrefixes = 256;
    private const int MaxRevoked = 4096;

    public static KeyRecord? ReadKey(SectionReader root, KeyId? named)
    {
        var name = root.Text("name") ?? "";
        root.ReportMissing("name", "say whose key it is");
        var key = root.Value<byte[]>("public_key", TrustRules.PublicKey, []);
        root.ReportMissing("public_key", "write the base64 text that lmsk genkey prints");
        var prefixes = root.List<string>("prefixes", TrustRules.Prefix) ?? [];
        if (prefixes.IsEmpty || prefixes.Length > MaxPrefixes)
        {
            root.Error(root.PlaceOf("prefixes"), "prefixes", $"name 1 to {MaxPrefixes} prefixes of the packages that the key may sign, such as com.example");
        }

        var id = KeyId.Of(key);
        if (key.Length > 0 && named != id)
        {
            root.Error(root.PlaceOf("public_key"), "public_key", $"the file has not the name of this key: name it {id}.yaml");
        }

        var record = new KeyRecord(id, name, prefixes)
        {
            PublicKey = key,
            ValidFrom = root.Optional<DateTimeOffset>("valid_from", TrustRules.Time),
            ValidTo = root.Optional<DateTimeOffset>("valid_to", TrustRules.Time),
            Status = root.Value("status", ScalarRules.Choice(("active", KeyStatus.Active), ("retired", KeyStatus.Retired), ("revoked", KeyStatus.Revoked)), KeyStatus.Active),
            IsDelegate = root.Value<bool>("delegate", ScalarRules.Flag, false),
            Voucher = ReadVoucher(root),
        };
        if (record.ValidTo < record.ValidFrom)
        {
            root.Error(root.PlaceOf("valid_to"), "valid_to", "lies before valid_from: the key would never be valid");
        }

        return record;
    }

    public static RevocationList? ReadRevocations(SectionReader root)
    {
        var number = root.Optional("number", ScalarRules.LargeInteger(0, long.MaxValue));
        root.ReportMissing("number", "write a number greater than that of the list before");
        var expires = root.Optional<DateTimeOffset>("expires", TrustRules.Time);
        root.ReportMissing("expires", "write until when the list is in date, as 2026-12-31T23:59:59Z");
        var keys = root.List<KeyId>("keys", TrustRules.Key);
        if (keys is not { Length: <= MaxRevoked })
        {
            root.Error(root.PlaceOf("keys"), "keys", $"list the ids of at most {MaxRevoked} revoked keys; an empty list is []");
        }

        if (!root.Has("signature"))
        {
            root.Error(root.PlaceOf("signature"), "signature", "missing: a list must be signed; make it with: lmsk trust revoke");
        }

        return ReadVoucher(root) is { } voucher && number is { } count && expires is { } time && keys is { } revoked ? new(count, time, revoked, voucher) : null;
    }

    // A key without a value is a signature that got lost, not a record of the operator's own.
    private static Voucher? ReadVoucher(SectionReader root)
    {
        if (root.Section("signature", "write its key and value, as lmsk does") is not { } section)
        {
            return null;
        }

        var key = section.Optional<KeyId>("key", TrustRules.Key);
        section.ReportMissing("key", "name the key that signed");
        var value = section.Value<byte[]>("value", TrustRules.Signature, []);
        section.ReportMissing("value", "write the signature in base64");
        return new(key ?? default, value);
    }
}
