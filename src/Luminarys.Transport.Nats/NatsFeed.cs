using System.Buffers;
using Luminarys.Ports;
using NATS.Client.Core;

namespace Luminarys.Transport.Nats;

/// <summary>One subscription on one connection: takes messages off the socket into the inbox.</summary>
internal sealed class NatsFeed(NatsConnection connection, string pattern, BusInbox inbox, Action onOverflow)
    : NatsSubBase(connection, connection.SubscriptionManager, pattern, queueGroup: null, opts: null, CancellationToken.None)
{
    protected override ValueTask ReceiveInternalAsync(
        string subject, string? replyTo, ReadOnlySequence<byte>? headersBuffer, ReadOnlySequence<byte> payloadBuffer)
    {
        var kind = payloadBuffer.IsEmpty && headersBuffer is { } headers && SaysNoResponders(headers)
            ? BusMessageKind.NoResponders
            : BusMessageKind.Data;
        if (!inbox.TryDeliver(subject, replyTo, payloadBuffer, kind))
        {
            onOverflow();
        }

        return ValueTask.CompletedTask;
    }

    // The inbox outlives the connection, so there is nothing to complete.
    protected override void TryComplete()
    {
    }

    private static bool SaysNoResponders(in ReadOnlySequence<byte> headers)
    {
        var reader = new SequenceReader<byte>(headers);
        return reader.IsNext("NATS/1.0 503"u8, advancePast: false);
    }
}
