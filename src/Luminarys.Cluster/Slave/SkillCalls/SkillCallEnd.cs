using Luminarys.Invocations;

namespace Luminarys.Cluster.Slave.SkillCalls;

/// <summary>A call that left the table: it has its answer.</summary>
/// <param name="Call">The call.</param>
/// <param name="Result">Its answer.</param>
/// <param name="SendsCancel">Whether the master must be told to end it, and never to begin it.</param>
internal readonly record struct SkillCallEnd(PendingSkillCall Call, InvocationResult Result, bool SendsCancel);
