using System.Collections.Concurrent;
using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.State;

namespace Luminarys.Runtime.Wasm.Tests.Commands;

/// <summary>The host of skills that share one runtime: they call each other, share values and hear each other's events.</summary>
internal sealed class SharedHost : ISkillHost
{
    private readonly ConcurrentDictionary<ValueKey, ReadOnlyMemory<byte>> _values = new();
    private readonly ConcurrentDictionary<string, Action<SkillEvent>> _handlers = new();

    public ISkillRuntime Runtime { get; set; } = null!;

    /// <summary>The cluster that skills see; null when the node is on its own.</summary>
    public ClusterView? Cluster { get; init; }

    public ConcurrentQueue<Invocation> Calls { get; } = new();

    /// <summary>What every call from skill to skill waits for.</summary>
    public Task Road { get; set; } = Task.CompletedTask;

    public async ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        Calls.Enqueue(invocation);
        await Road.WaitAsync(cancellationToken);
        return await Runtime.InvokeAsync(invocation, cancellationToken);
    }

    public bool Hears(string topic) => _handlers.ContainsKey(topic);

    public ClusterView? FindCluster() => Cluster;

    public ValueTask<HostFault?> TransferAsync(SkillTransfer transfer, CancellationToken cancellationToken) =>
        new(new HostFault(InvocationError.NotServing, "no relay: files cannot be copied between nodes yet"));

    /// <summary>Why values cannot be read; null when they can.</summary>
    public HostFault? ValueFault { get; set; }

    public ValueTask<StoredValue> FindValueAsync(ValueKey key, CancellationToken cancellationToken) =>
        new(ValueFault is null && _values.TryGetValue(key, out var value) ? new StoredValue(value) : new StoredValue(null, ValueFault));

    public ValueTask<HostFault?> StoreValueAsync(ValueKey key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        _values[key] = value.ToArray();
        return new((HostFault?)null);
    }

    public ValueTask EmitAsync(SkillEvent skillEvent, CancellationToken cancellationToken)
    {
        if (_handlers.TryGetValue(skillEvent.Topic, out var handler))
        {
            handler(skillEvent);
        }

        return ValueTask.CompletedTask;
    }

    public IDisposable Subscribe(string topic, Action<SkillEvent> handler)
    {
        _handlers[topic] = handler;
        return new Subscription(() => _handlers.TryRemove(topic, out _));
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
