using System.Collections.Concurrent;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Signing;
using Luminarys.Diagnostics;
using Luminarys.Nodes;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Messaging;

/// <summary>Opens messages and refuses those that cannot be what they claim. What is refused is counted, never acted upon. Thread-safe.</summary>
internal sealed class Inbox(NodeIdentity identity, ILogger logger, NodeSigner? signer = null)
{
    // Node names come from messages that nobody vouches for.
    private const int MaxTold = 256;

    private readonly Subjects _subjects = new(identity.Cluster);
    private readonly ConcurrentDictionary<(NodeId Node, string Reason), bool> _told = new();

    /// <summary>
    /// Opens a message. True when it is well formed, of this cluster, of the type its subject says, and, toward the master, from the node that its
    /// subject says. The answer's status is <see cref="EnvelopeStatus.VersionUnsupported"/> when only its version is wrong.
    /// </summary>
    public bool TryOpen(in BusMessage message, out Received received)
    {
        received = default;
        if (!_subjects.TryParse(message.Subject, out var address))
        {
            return Drop("subject", message.Subject);
        }

        if (message.Kind == BusMessageKind.NoResponders)
        {
            // Where messages are signed, the bus's word is none: a call that it calls unheard may run.
            received = new(address, null!, null);
            return address.Answers is not null && (signer is null || !Subjects.IsFrame(message.Subject) || Drop("unsigned", message.Subject));
        }

        var status = EnvelopeCodec.TryRead(message.Payload, out var envelope);
        if (status == EnvelopeStatus.Malformed)
        {
            return Drop("malformed", message.Subject);
        }

        if (envelope.Cluster != identity.Cluster)
        {
            return Drop("cluster", message.Subject);
        }

        if (address.Area == 'm' && envelope.Source != address.Node)
        {
            return Drop("source", message.Subject);
        }

        if (address.Answers is { } id ? envelope.Id != id : envelope.Type != address.Type)
        {
            return Drop("type", message.Subject);
        }

        if (envelope.Instance == identity.Instance)
        {
            // Our own broadcast, come back to us.
            return false;
        }

        var verdict = signer?.Check(message.Subject, address.Area, message.Payload.Span, envelope) ?? Unsigned(address, envelope);
        if (verdict != SealVerdict.Authentic && !IsWorthAnAnswer(verdict, address))
        {
            return Refuse(verdict, envelope.Source, message.Subject);
        }

        received = new(address, envelope, message.ReplyTo) { IsMisaddressed = verdict == SealVerdict.Misaddressed, IsVersionUnsupported = status == EnvelopeStatus.VersionUnsupported };
        return status == EnvelopeStatus.Accepted || address.Answers is null || Drop("version", message.Subject);
    }

    // Without keys nobody has to name the master's process. Who does means it.
    private SealVerdict Unsigned(in SubjectAddress address, Envelope envelope) =>
        address.Area == 'm' && envelope.ToInstance is { } meant && meant != identity.Instance ? SealVerdict.Misaddressed : SealVerdict.Authentic;

    // A message toward the master that names another process is let through only where a refusal helps an honest sender.
    private static bool IsWorthAnAnswer(SealVerdict verdict, in SubjectAddress address) => verdict == SealVerdict.Misaddressed
        && address.Area == 'm' && address.Type is MessageTypes.Hello or MessageTypes.Register or MessageTypes.Heartbeat;

    private bool Refuse(SealVerdict verdict, NodeId source, string subject)
    {
        var reason = verdict switch
        {
            SealVerdict.Misaddressed => "instance",
            SealVerdict.Unsigned => "unsigned",
            SealVerdict.Untrusted => "untrusted",
            SealVerdict.Key => "key",
            SealVerdict.Session => "session",
            SealVerdict.Replayed => "replayed",
            _ => "signature",
        };
        if (verdict != SealVerdict.Misaddressed && _told.Count < MaxTold && _told.TryAdd((source, reason), true))
        {
            Log.MessageUnproved(logger, source, reason);
        }

        return Drop(reason, subject);
    }

    /// <summary>Counts a message that is not acted upon; answers false.</summary>
    public bool Drop(string reason, string subject)
    {
        LuminarysDiagnostics.DroppedMessages.Add(1, new KeyValuePair<string, object?>("reason", reason));
        Log.MessageDropped(logger, subject, reason);
        return false;
    }
}
