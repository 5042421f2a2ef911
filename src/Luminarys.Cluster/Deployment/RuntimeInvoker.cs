using Luminarys.Invocations;
using Luminarys.Ports;

namespace Luminarys.Cluster.Deployment;

/// <summary>Runs calls of skills of this node only.</summary>
internal sealed class RuntimeInvoker(ISkillRuntime runtime) : IInvoker
{
    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken) =>
        runtime.InvokeAsync(invocation, cancellationToken);
}
