using Luminarys.Cluster;

namespace Luminarys.Cli;

/// <summary>A user of the bus server.</summary>
/// <param name="Name">Its name: that of the node.</param>
/// <param name="Password">Its password.</param>
/// <param name="Permissions">What it may do.</param>
internal sealed record BusUser(string Name, string Password, BusPermissions Permissions)
{
    /// <inheritdoc/>
    public override string ToString() => $"{nameof(BusUser)} {Name}";
}
