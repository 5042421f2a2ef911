using System.Collections.Immutable;
using Luminarys.Cluster.Protocol;
using Luminarys.Nodes;

namespace Luminarys.Cluster;

/// <summary>
/// What the bus user of one node may do: everything that its part of the protocol needs, and nothing that is another node's. Reply subjects are
/// static, so fixed lists are enough. A server that denies the rest keeps every node to its own name.
/// </summary>
/// <param name="Publish">Subjects and patterns that it may publish on.</param>
/// <param name="PublishDenied">What it may not publish of these after all.</param>
/// <param name="Subscribe">Subjects and patterns that it may subscribe to, and to narrower ones.</param>
public sealed record BusPermissions(ImmutableArray<string> Publish, ImmutableArray<string> PublishDenied, ImmutableArray<string> Subscribe)
{
    /// <summary>Of the master: it speaks to every node, and hears what every node says to it.</summary>
    public static BusPermissions OfMaster(ClusterId cluster, NodeId node)
    {
        var subjects = new Subjects(cluster);
        return new(
            [subjects.AllToNodes, subjects.AllPingsOfAny, subjects.Beacon, subjects.Registry, subjects.AllToMaster(node), subjects.AllTunnelsFrom(node)],
            [],
            [subjects.AllToMasterFromAny, subjects.AllToNode(node), subjects.AllBroadcasts, subjects.AllTunnelsTo(node)]);
    }

    /// <summary>Of a slave: it speaks to the master in its own name, and hears what is meant for it or for all.</summary>
    public static BusPermissions OfSlave(ClusterId cluster, NodeId node)
    {
        var subjects = new Subjects(cluster);
        return new(
            [subjects.AllToMaster(node), subjects.AllTunnelsFrom(node)],
            [],
            [subjects.AllToNode(node), subjects.AllPings(node), subjects.AllBroadcasts, subjects.AllTunnelsTo(node)]);
    }

    /// <summary>Of an operator's commands: as of a slave that offers no skill, is no end of a transfer, and tells other nodes nothing.</summary>
    public static BusPermissions OfOperator(ClusterId cluster, NodeId node)
    {
        var subjects = new Subjects(cluster);
        string[] denied = [MessageTypes.Register, MessageTypes.Event, MessageTypes.KeyValue];
        return new(
            [subjects.AllToMaster(node)],
            [.. denied.Select(type => subjects.ToMaster(node, type))],
            [subjects.AllToNode(node), subjects.AllPings(node), subjects.AllBroadcasts]);
    }
}
