using Luminarys.Cluster.Protocol;

namespace Luminarys.Cluster.Messaging;

/// <summary>An opened message.</summary>
/// <param name="Address">Its subject.</param>
/// <param name="Envelope">Its envelope; null when the bus says that nobody listens.</param>
/// <param name="ReplyTo">Where to answer; null when no answer is wanted.</param>
internal readonly record struct Received(SubjectAddress Address, Envelope Envelope, string? ReplyTo)
{
    /// <summary>Whether this is the bus's notice that nobody listens on the subject of the request.</summary>
    public bool IsNoResponders => Envelope is null;

    /// <summary>Whether the sender speaks another protocol major; nothing but an answer may come of it.</summary>
    public bool IsVersionUnsupported { get; init; }

    /// <summary>Whether the message proves where it comes from but names another process than this master; nothing but an answer may come of it.</summary>
    public bool IsMisaddressed { get; init; }
}
