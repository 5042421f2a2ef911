using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.Skills;

namespace Luminarys.Cluster.Tests.Support;

/// <summary>What a runtime does when a skill calls another.</summary>
internal static class SkillCalls
{
    /// <summary>Calls a skill as a consequence of an earlier call.</summary>
    public static ValueTask<InvocationResult> CallFrom(
        this TestNode node, Invocation parent, string skill, CancellationToken cancellationToken, Caller? caller = null, ReadOnlyMemory<byte> payload = default) =>
        node.Runtime.Host.InvokeAsync(
            new(CallId.New(TimeProvider.System), new(skill), "echo", payload, caller ?? new(CallerKind.Skill, parent.Skill), parent.Deadline)
            {
                Root = parent.Root,
                TraceId = parent.TraceId,
                SessionId = parent.SessionId,
                Depth = parent.Depth + 1,
            },
            cancellationToken);

    /// <summary>Calls a skill on behalf of another one that nobody called.</summary>
    public static ValueTask<InvocationResult> CallAs(this TestNode node, string caller, string skill) =>
        node.Runtime.Host.InvokeAsync(
            new(CallId.New(TimeProvider.System), new(skill), "echo", default, new(CallerKind.Skill, new SkillId(caller)), Deadline.Never) { Depth = 1 },
            CancellationToken.None);
}
