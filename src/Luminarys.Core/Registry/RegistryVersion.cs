namespace Luminarys.Registry;

/// <summary>Version of the registry: the master's term of office, then the change inside it. Compared in that order.</summary>
/// <param name="Epoch">Grows each time a master takes office; 0 before the first.</param>
/// <param name="Revision">Grows with every change inside one epoch.</param>
public readonly record struct RegistryVersion(ulong Epoch, ulong Revision) : IComparable<RegistryVersion>
{
    /// <inheritdoc/>
    public int CompareTo(RegistryVersion other) =>
        Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Revision.CompareTo(other.Revision);

    /// <summary>Whether the left version is older.</summary>
    public static bool operator <(RegistryVersion left, RegistryVersion right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left version is newer.</summary>
    public static bool operator >(RegistryVersion left, RegistryVersion right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left version is older or the same.</summary>
    public static bool operator <=(RegistryVersion left, RegistryVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left version is newer or the same.</summary>
    public static bool operator >=(RegistryVersion left, RegistryVersion right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => $"{Epoch}.{Revision}";
}
