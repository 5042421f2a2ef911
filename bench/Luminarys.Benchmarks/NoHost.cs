using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.State;

namespace Luminarys.Benchmarks;

/// <summary>The host of skills that ask nothing of it.</summary>
internal sealed class NoHost : ISkillHost
{
    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ClusterView? FindCluster() => null;

    public ValueTask<HostFault?> TransferAsync(SkillTransfer transfer, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<StoredValue> FindValueAsync(ValueKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<HostFault?> StoreValueAsync(ValueKey key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask EmitAsync(SkillEvent skillEvent, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IDisposable Subscribe(string topic, Action<SkillEvent> handler) => throw new NotSupportedException();
}
