using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.State;

namespace Luminarys.Contracts;

/// <summary>The host of a skill that is alone in the world: no other skill, no cluster, no listener, nothing stored.</summary>
public sealed class LonelyHost : ISkillHost
{
    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken) =>
        new(InvocationResult.Failure(InvocationError.NoSuchSkill, "there is no other skill"));

    public ClusterView? FindCluster() => null;

    public ValueTask<HostFault?> TransferAsync(SkillTransfer transfer, CancellationToken cancellationToken) =>
        new(new HostFault(InvocationError.NotServing, "cluster mode is not enabled"));

    public ValueTask<StoredValue> FindValueAsync(ValueKey key, CancellationToken cancellationToken) => new(default(StoredValue));

    public ValueTask<HostFault?> StoreValueAsync(ValueKey key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) => new((HostFault?)null);

    public ValueTask EmitAsync(SkillEvent skillEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public IDisposable Subscribe(string topic, Action<SkillEvent> handler) => new Nothing();

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
