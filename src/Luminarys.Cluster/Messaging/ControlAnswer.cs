using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;

namespace Luminarys.Cluster.Messaging;

/// <summary>Answer to a control request.</summary>
/// <param name="Sender">Who answered; default when nobody did.</param>
/// <param name="Body">The answer; null when nobody listens on the subject, or the request was not sent.</param>
/// <param name="IsUnsent">Whether the bus refused the request.</param>
internal readonly record struct ControlAnswer(Sender Sender, AnswerMessage? Body, bool IsUnsent = false);
