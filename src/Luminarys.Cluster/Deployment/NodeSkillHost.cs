using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.Skills;
using Luminarys.State;

namespace Luminarys.Cluster.Deployment;

/// <summary>What this node does for its skills. Values and events stay on the node.</summary>
internal sealed class NodeSkillHost(IStateStore states, IInvoker invoker, Func<ClusterView?> findCluster) : ISkillHost
{
    private const int MaxValue = 256 * 1024;
    private const long MaxScope = 16 * 1024 * 1024;

    private readonly SkillEventHub _events = new();

    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken) =>
        invoker.InvokeAsync(invocation, cancellationToken);

    public string? Refuse(Skill skill) => SkillOffer.FindFault(skill);

    public ClusterView? FindCluster() => findCluster();

    public ValueTask<HostFault?> TransferAsync(SkillTransfer transfer, CancellationToken cancellationToken) => new(
        new HostFault(InvocationError.NotServing, FindCluster() is null ? "cluster mode is not enabled" : "no relay: files cannot be copied between nodes yet"));

    public ValueTask<ReadOnlyMemory<byte>?> FindValueAsync(ValueKey key, CancellationToken cancellationToken) =>
        states.FindValueAsync(key, cancellationToken);

    public async ValueTask<HostFault?> StoreValueAsync(ValueKey key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        if (value.Length > MaxValue)
        {
            return new(InvocationError.PayloadTooLarge, $"the value has {value.Length} bytes; {MaxValue} are allowed");
        }

        return await states.SaveValueAsync(key, value, MaxScope, cancellationToken).ConfigureAwait(false)
            ? null
            : new(InvocationError.PayloadTooLarge, $"all stored values together may have {MaxScope} bytes");
    }

    public ValueTask EmitAsync(SkillEvent skillEvent, CancellationToken cancellationToken)
    {
        _events.Emit(skillEvent);
        return ValueTask.CompletedTask;
    }

    public IDisposable Subscribe(string topic, Action<SkillEvent> handler) => _events.Subscribe(topic, handler);
}
