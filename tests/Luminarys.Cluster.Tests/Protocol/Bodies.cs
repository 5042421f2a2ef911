using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Protocol.Transfers;

namespace Luminarys.Cluster.Tests.Protocol;

/// <summary>Reads bodies by the name of their golden file.</summary>
internal static class Bodies
{
    public static byte[] Rewrite(Envelope envelope, string name) => name switch
    {
        "hello" => Rewrite<HelloMessage>(envelope),
        "reg" or "reg-hints" => Rewrite<RegisterMessage>(envelope),
        "dereg" => Rewrite<DeregisterMessage>(envelope),
        "hb" => Rewrite<HeartbeatMessage>(envelope),
        "snap" => Rewrite<SnapshotRequest>(envelope),
        "snap-answer" => Rewrite<SnapshotMessage>(envelope),
        "sync" or "ping" => Rewrite<EmptyMessage>(envelope),
        "call" or "skill-call" or "call-claim" or "call-open" => Rewrite<CallMessage>(envelope),
        "more" => Rewrite<MoreMessage>(envelope),
        "part" => Rewrite<PartMessage>(envelope),
        "query" or "skill-call-query" => Rewrite<QueryMessage>(envelope),
        "cancel" or "skill-call-cancel" => Rewrite<CancelMessage>(envelope),
        "event" or "event-to-node" => Rewrite<EventMessage>(envelope),
        "kv-get" or "kv-set" => Rewrite<KeyValueMessage>(envelope),
        _ when name.StartsWith("xfer-answer", StringComparison.Ordinal) => Rewrite<AnswerMessage>(envelope),
        _ when name.StartsWith("xfer-", StringComparison.Ordinal) => Rewrite<TransferMessage>(envelope),
        "beacon" => Rewrite<BeaconMessage>(envelope),
        "delta" => Rewrite<DeltaMessage>(envelope),
        _ when name.Contains("frame-", StringComparison.Ordinal) => Rewrite<CallFrame>(envelope),
        _ => Rewrite<AnswerMessage>(envelope),
    };

    /// <summary>Tries every body type; throws only if one of them throws.</summary>
    public static void TryAll(Envelope envelope)
    {
        envelope.TryRead<HelloMessage>(out _);
        envelope.TryRead<RegisterMessage>(out _);
        envelope.TryRead<DeregisterMessage>(out _);
        envelope.TryRead<HeartbeatMessage>(out _);
        envelope.TryRead<SnapshotRequest>(out _);
        envelope.TryRead<SnapshotMessage>(out _);
        envelope.TryRead<EmptyMessage>(out _);
        envelope.TryRead<CallMessage>(out _);
        envelope.TryRead<QueryMessage>(out _);
        envelope.TryRead<MoreMessage>(out _);
        envelope.TryRead<PartMessage>(out _);
        envelope.TryRead<CancelMessage>(out _);
        envelope.TryRead<BeaconMessage>(out _);
        envelope.TryRead<DeltaMessage>(out _);
        envelope.TryRead<CallFrame>(out _);
        envelope.TryRead<EventMessage>(out _);
        envelope.TryRead<KeyValueMessage>(out _);
        envelope.TryRead<TransferMessage>(out _);
        envelope.TryRead<TransferAnswer>(out _);
        envelope.TryRead<AnswerMessage>(out _);
    }

    private static byte[] Rewrite<T>(Envelope envelope)
        where T : IWireBody<T>
    {
        Assert.True(envelope.TryRead<T>(out var body));
        using var buffer = new PooledBuffer();
        EnvelopeCodec.Write(buffer, envelope, body);
        return buffer.Written.ToArray();
    }
}
