using System.Collections.Immutable;
using Luminarys.Skills;

namespace Luminarys.Trust;

/// <summary>One key that an operator trusts, and for what.</summary>
/// <param name="Id">Name of the key.</param>
/// <param name="Name">Whose it is, for people.</param>
/// <param name="Prefixes">Packages it may sign: <c>com.example</c> stands for itself and everything below it, <c>*</c> for all.</param>
public sealed record KeyRecord(KeyId Id, string Name, ImmutableArray<string> Prefixes)
{
    private const string All = "*";

    /// <summary>The key itself: an uncompressed point of 65 bytes; empty when the record names only its id.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; init; }

    /// <summary>First moment of validity; null for no beginning.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>Last moment of validity; null for no end.</summary>
    public DateTimeOffset? ValidTo { get; init; }

    /// <summary>Whether it may sign.</summary>
    public KeyStatus Status { get; init; }

    /// <summary>Whether it may vouch for further keys.</summary>
    public bool IsDelegate { get; init; }

    /// <summary>A delegate's signature over this record; null for a record that the operator added in person.</summary>
    public Voucher? Voucher { get; init; }

    /// <summary>Whether it may sign a package of this id. <c>com.example</c> does not cover <c>com.example2.tool</c>.</summary>
    public bool Covers(PackageId package) => Prefixes.Any(prefix => Covers(prefix, package.Value));

    /// <summary>Whether it may sign all that a prefix stands for.</summary>
    /// <param name="prefix">A prefix as a record holds it.</param>
    public bool Covers(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return prefix == All ? Prefixes.Contains(All) : Prefixes.Any(own => Covers(own, Trim(prefix)));
    }

    /// <summary>Whether it may vouch or revoke at this time, its flag aside.</summary>
    public bool IsCurrent(DateTimeOffset now) => Status == KeyStatus.Active && (ValidFrom is not { } from || now >= from) && (ValidTo is not { } to || now <= to);

    private static bool Covers(string prefix, string name) =>
        prefix == All || name == Trim(prefix) || name.StartsWith(Trim(prefix) + ".", StringComparison.Ordinal);

    private static string Trim(string prefix) => prefix.EndsWith(".*", StringComparison.Ordinal) ? prefix[..^2] : prefix;
}
