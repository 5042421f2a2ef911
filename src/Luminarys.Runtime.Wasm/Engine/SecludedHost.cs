using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.State;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>The host of a module that is only asked what it is: nothing leaves it and nothing reaches it.</summary>
internal sealed class SecludedHost : ISkillHost, IDisposable
{
    private const string Reason = "the module is only asked what it is";

    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken) =>
        new(InvocationResult.Failure(InvocationError.NoSuchSkill, Reason));

    public ClusterView? FindCluster() => null;

    public ValueTask<HostFault?> TransferAsync(SkillTransfer transfer, CancellationToken cancellationToken) =>
        new(new HostFault(InvocationError.NotServing, Reason));

    public ValueTask<StoredValue> FindValueAsync(ValueKey key, CancellationToken cancellationToken) => new(default(StoredValue));

    public ValueTask<HostFault?> StoreValueAsync(ValueKey key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        new(new HostFault(InvocationError.NotServing, Reason));

    public ValueTask EmitAsync(SkillEvent skillEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public IDisposable Subscribe(string topic, Action<SkillEvent> handler) => this;

    /// <summary>Ends a subscription; there is none.</summary>
    public void Dispose()
    {
    }
}
