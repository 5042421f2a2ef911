using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.Skills;
using Luminarys.State;

namespace Luminarys.Cluster.Deployment;

/// <summary>What this node does for its skills.</summary>
internal sealed class NodeSkillHost(IInvoker invoker, Func<ClusterView?> findCluster, SkillExchange exchange) : ISkillHost
{
    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken) =>
        invoker.InvokeAsync(invocation, cancellationToken);

    public string? Refuse(Skill skill) => SkillOffer.FindFault(skill);

    public ClusterView? FindCluster() => findCluster();

    public ValueTask<HostFault?> TransferAsync(SkillTransfer transfer, CancellationToken cancellationToken) => new(
        new HostFault(InvocationError.NotServing, FindCluster() is null ? "cluster mode is not enabled" : "no relay: files cannot be copied between nodes yet"));

    public ValueTask<StoredValue> FindValueAsync(ValueKey key, CancellationToken cancellationToken) => exchange.Of(key).FindAsync(key, cancellationToken);

    public ValueTask<HostFault?> StoreValueAsync(ValueKey key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        exchange.Of(key).StoreAsync(key, value, cancellationToken);

    public ValueTask EmitAsync(SkillEvent skillEvent, CancellationToken cancellationToken)
    {
        exchange.Emit(skillEvent);
        return ValueTask.CompletedTask;
    }

    public IDisposable Subscribe(string topic, Action<SkillEvent> handler) => exchange.Hub.Subscribe(topic, handler);
}
