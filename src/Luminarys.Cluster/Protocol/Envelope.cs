using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Protocol;

/// <summary>What every message carries around its body.</summary>
internal sealed record Envelope
{
    /// <summary>Message type; on answers the type of what is answered.</summary>
    public required string Type { get; init; }

    /// <summary>Cluster.</summary>
    public required ClusterId Cluster { get; init; }

    /// <summary>Sending node.</summary>
    public required NodeId Source { get; init; }

    /// <summary>The sender's incarnation.</summary>
    public ulong Incarnation { get; init; }

    /// <summary>The sending process.</summary>
    public InstanceId Instance { get; init; }

    /// <summary>Highest master epoch that the sender knows; 0 before it knows one.</summary>
    public ulong Epoch { get; init; }

    /// <summary>Grows with each message of the sending process.</summary>
    public ulong Sequence { get; init; }

    /// <summary>Message or call.</summary>
    public CallId Id { get; init; }

    /// <summary>How long from sending the message is worth acting on, in milliseconds.</summary>
    public uint TtlMs { get; init; }

    /// <summary>Clock echo; on calls only.</summary>
    public ClockEcho? Clock { get; init; }

    /// <summary>The process that is meant; on messages toward a node.</summary>
    public InstanceId? ToInstance { get; init; }

    /// <summary>Proof of where the message comes from; null without one. Only reading sets it.</summary>
    public EnvelopeSeal? Seal { get; init; }

    /// <summary>The encoded body. After decoding: part of the message's bytes, valid as long as they are.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Decodes the body; false when it is not one of this type.</summary>
    public bool TryRead<T>(out T body)
        where T : IWireBody<T> => Wire.TryRead(Body, out body);
}
