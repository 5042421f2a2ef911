using Luminarys.Invocations;

namespace Luminarys.Cluster.Master;

/// <summary>What is to be done about a call that left the table: it has its answer.</summary>
/// <param name="Call">The call.</param>
/// <param name="Result">Its answer.</param>
/// <param name="SendsCancel">Whether the node must be told to end it, and never to begin it.</param>
internal readonly record struct CallAction(PendingCall Call, InvocationResult Result, bool SendsCancel);
