using Luminarys.Cluster.Messaging;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Registry;

namespace Luminarys.Cluster.Master.SkillCalls;

/// <summary>Runs calls between skills, and notes which node each chain comes to: from there it may be led on.</summary>
internal sealed class ChainedInvoker(NodeId self, SkillRegistry registry, IInvoker router, CallChains chains, NodeClock clock) : IInvoker
{
    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        if (registry.Current.Find(invocation.Skill) is { } entry && entry.Node != self)
        {
            chains.Reach(entry.Node, new(invocation.Root, invocation.Depth), clock.Now);
        }

        return router.InvokeAsync(invocation, cancellationToken);
    }
}
