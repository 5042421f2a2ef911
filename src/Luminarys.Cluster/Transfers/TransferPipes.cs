using System.Security.Cryptography;
using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers;

/// <summary>What an end needs to make the tunnel of an attempt.</summary>
/// <param name="Relay">Opens channels.</param>
/// <param name="Encrypts">Whether the ends encrypt; both must agree.</param>
/// <param name="Settings">Times and sizes of an attempt.</param>
/// <param name="Time">Clock.</param>
internal sealed record TransferPipes(IRelay Relay, bool Encrypts, AttemptSettings Settings, TimeProvider Time)
{
    /// <summary>Carries tunnels where the relay cannot be reached; null for nothing that does.</summary>
    public BusCarrier? Bus { get; init; }

    /// <summary>
    /// The seals of an attempt: encryption when both ends gave a share of the keys, sums when neither did; a fault when they disagree.
    /// </summary>
    public static (TunnelSeals? Seals, TransferFault Fault) SealsOf(
        TransferRole self, TunnelKeyPair? own, ReadOnlyMemory<byte> other, ReadOnlyMemory<byte> offer, ReadOnlyMemory<byte> acceptance)
    {
        if (own is null || other.IsEmpty)
        {
            return own is null && other.IsEmpty ? (TunnelSeals.Plain(self), TransferFault.None) : (null, TransferFault.EncryptionMismatch);
        }

        using var transcript = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        transcript.AppendData(offer.Span);
        transcript.AppendData(acceptance.Span);
        return own.Agree(other.Span, transcript.GetHashAndReset()) is { } keys
            ? (TunnelSeals.Encrypted(keys, self), TransferFault.None)
            : (null, TransferFault.Protocol);
    }

    /// <summary>A share of the keys for a new attempt; null when the node does not encrypt.</summary>
    public TunnelKeyPair? NewKeys() => Encrypts ? new() : null;

    /// <summary>Opens the channel of an attempt to its other end.</summary>
    public ValueTask<RelayChannel> OpenAsync(TransferTicket ticket, NodeId peer, CancellationToken cancellationToken) =>
        Bus is null ? Relay.OpenAsync(ticket, cancellationToken) : Bus.OpenAsync(Relay, ticket, peer, cancellationToken);
}
