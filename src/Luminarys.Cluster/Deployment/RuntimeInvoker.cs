using Luminarys.Invocations;
using Luminarys.Ports;

namespace Luminarys.Cluster.Deployment;

/// <summary>Runs calls of skills of this node only, and says so about others.</summary>
internal sealed class RuntimeInvoker(ISkillRuntime runtime) : IInvoker
{
    public async ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var result = await runtime.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
        return result.Error == InvocationError.NoSuchSkill
            ? InvocationResult.Failure(InvocationError.NoSuchSkill, $"this node has no skill '{invocation.Skill}'; a slave's skills reach those of their own node only")
            : result;
    }
}
