using Luminarys.Invocations;

namespace Luminarys.Cluster.Master;

/// <summary>What is to be done about a call.</summary>
/// <param name="Kind">What.</param>
/// <param name="Call">The call.</param>
/// <param name="Result">Its answer, when it left the table.</param>
/// <param name="SendsCancel">Whether the node must be told to end it, and never to begin it.</param>
internal readonly record struct CallAction(CallActionKind Kind, PendingCall Call, InvocationResult Result = default, bool SendsCancel = false);
