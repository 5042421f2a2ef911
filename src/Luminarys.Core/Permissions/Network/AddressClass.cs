namespace Luminarys.Permissions.Network;

/// <summary>What an address is to a skill.</summary>
public enum AddressClass
{
    /// <summary>Everything that is neither of the others: reachable by an entry of the manifest.</summary>
    External,

    /// <summary>Loopback, private and shared addresses.</summary>
    Internal,

    /// <summary>Metadata services, link-local, multicast, reserved: no manifest can grant it.</summary>
    Never,
}
