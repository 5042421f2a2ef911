using Luminarys.Cluster.Protocol;
using Luminarys.Diagnostics;
using Luminarys.Ports;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Messaging;

/// <summary>Opens messages and refuses those that cannot be what they claim. What is refused is counted, never acted upon. Thread-safe.</summary>
internal sealed class Inbox(NodeIdentity identity, ILogger logger)
{
    private readonly Subjects _subjects = new(identity.Cluster);

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
            received = new(address, null!, null);
            return address.Answers is not null;
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

        received = new(address, envelope, message.ReplyTo) { IsVersionUnsupported = status == EnvelopeStatus.VersionUnsupported };
        return status == EnvelopeStatus.Accepted || address.Answers is null || Drop("version", message.Subject);
    }

    /// <summary>Counts a message that is not acted upon; answers false.</summary>
    public bool Drop(string reason, string subject)
    {
        LuminarysDiagnostics.DroppedMessages.Add(1, new KeyValuePair<string, object?>("reason", reason));
        Log.MessageDropped(logger, subject, reason);
        return false;
    }
}
