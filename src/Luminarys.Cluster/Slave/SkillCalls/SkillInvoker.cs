using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Registry;

namespace Luminarys.Cluster.Slave.SkillCalls;

/// <summary>
/// Runs the calls of this node's skills: here what the node owns, everything else through the master. A skill's calls of itself never leave its node.
/// </summary>
internal sealed class SkillInvoker(NodeId self, SkillRegistry registry, ISkillRuntime runtime, MasterInvoker master) : IInvoker
{
    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken) =>
        invocation.Caller.Kind == CallerKind.Self || registry.Current.Find(invocation.Skill)?.Node == self
            ? runtime.InvokeAsync(invocation, cancellationToken)
            : master.InvokeAsync(invocation, cancellationToken);
}
