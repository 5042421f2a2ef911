using Luminarys.Invocations;
using Luminarys.Ports;

namespace Luminarys.Cluster.Messaging;

/// <summary>The two connections of a node. They belong to the container.</summary>
/// <param name="Control">Membership.</param>
/// <param name="Traffic">Calls and their answers.</param>
internal sealed record NodeBuses(IBus Control, IBus Traffic)
{
    /// <summary>Makes both connections; null when both stand.</summary>
    public async ValueTask<NodeFault?> ConnectAsync(CancellationToken cancellationToken)
    {
        var fault = await Control.ConnectAsync(cancellationToken).ConfigureAwait(false)
            ?? await Traffic.ConnectAsync(cancellationToken).ConfigureAwait(false);
        return fault is null ? null : new(fault.Error, fault.Message);
    }

    /// <summary>Whether both connections stand.</summary>
    public bool AreUp => Control.Status == BusStatus.Up && Traffic.Status == BusStatus.Up;
}
