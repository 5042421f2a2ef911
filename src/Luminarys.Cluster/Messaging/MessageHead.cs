using Luminarys.Cluster.Protocol;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Messaging;

/// <summary>What the sender of a message decides about its envelope.</summary>
/// <param name="Type">Message type.</param>
/// <param name="Id">Message or call.</param>
/// <param name="ToInstance">The process that is meant; null toward the master and to all.</param>
internal readonly record struct MessageHead(string Type, CallId Id, InstanceId? ToInstance = null)
{
    /// <summary>How long the message is worth acting on, in milliseconds.</summary>
    public uint TtlMs { get; init; } = ProtocolLimits.ControlTtlMs;

    /// <summary>Clock echo; null on everything but calls.</summary>
    public ClockEcho? Clock { get; init; }
}
