using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Protocol;

/// <summary>A subject, taken apart.</summary>
/// <param name="Area"><c>m</c> toward the master, <c>n</c> toward a node, <c>i</c> toward an instance, <c>b</c> to all.</param>
/// <param name="Node">The node token: the sender in area <c>m</c>, the receiver in <c>n</c> and <c>i</c>; default in <c>b</c>.</param>
/// <param name="Type">The message type; empty for answers, whose type is in the envelope.</param>
/// <param name="Answers">The request that is answered; null when the message is not an answer.</param>
internal readonly record struct SubjectAddress(char Area, NodeId Node, string Type, CallId? Answers);
