using Luminarys.Cluster.Transfers;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Skills;
using Luminarys.State;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Deployment;

/// <summary>What this node does for its skills.</summary>
internal sealed class NodeSkillHost(NodeId self, IInvoker invoker, Func<ClusterView?> findCluster, SkillExchange exchange, TransferEndpoint transfers) : ISkillHost
{
    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken) =>
        invoker.InvokeAsync(invocation, cancellationToken);

    public string? Refuse(Skill skill) => SkillOffer.FindFault(skill);

    public ClusterView? FindCluster() => findCluster();

    public async ValueTask<HostFault?> TransferAsync(SkillTransfer transfer, CancellationToken cancellationToken)
    {
        if (FindCluster() is null)
        {
            return new(InvocationError.NotServing, "cluster mode is not enabled");
        }

        var plan = transfer.IsSending
            ? new TransferPlan(self, transfer.LocalPath, transfer.Node, transfer.RemotePath, self)
            : new TransferPlan(transfer.Node, transfer.RemotePath, self, transfer.LocalPath, self);
        var report = await transfers.CopyAsync(plan with { Skill = transfer.Skill.Value, Root = transfer.Root }, transfer.Files, cancellationToken).ConfigureAwait(false);
        return report.Fault == TransferFault.None
            ? null
            : new(TransferFaults.ToError(report.Fault), report.Text.Length > 0 ? report.Text : TransferFaults.Describe(report.Fault));
    }

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
