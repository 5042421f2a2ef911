using Luminarys.Invocations;

namespace Luminarys.Cluster.Master;

/// <summary>A request that may be answered.</summary>
/// <param name="Type">Message type.</param>
/// <param name="Id">Id of the request.</param>
/// <param name="ReplyTo">Where to answer; null when no answer is wanted.</param>
internal readonly record struct RequestRef(string Type, CallId Id, string? ReplyTo);
