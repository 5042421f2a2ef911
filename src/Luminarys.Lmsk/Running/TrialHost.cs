using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.State;

namespace Luminarys.Lmsk.Running;

/// <summary>The node of a skill that is tried alone: it keeps values and hears its own events; there is no other skill and no other node.</summary>
internal sealed class TrialHost(IStateStore states) : ISkillHost
{
    private const long MaxValues = 16 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly List<(string Topic, Action<SkillEvent> Handler)> _handlers = [];

    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken) =>
        new(InvocationResult.Failure(InvocationError.NoSuchSkill, $"lmsk runs one skill; '{invocation.Skill}' is not there"));

    public ClusterView? FindCluster() => null;

    public ValueTask<HostFault?> TransferAsync(SkillTransfer transfer, CancellationToken cancellationToken) =>
        new(new HostFault(InvocationError.NotServing, "cluster mode is not enabled"));

    public async ValueTask<StoredValue> FindValueAsync(ValueKey key, CancellationToken cancellationToken) =>
        new(await states.FindValueAsync(key, cancellationToken).ConfigureAwait(false));

    public async ValueTask<HostFault?> StoreValueAsync(ValueKey key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        await states.SaveValueAsync(key, value, MaxValues, cancellationToken).ConfigureAwait(false)
            ? null
            : new(InvocationError.PayloadTooLarge, $"all stored values together may have {MaxValues} bytes");

    public ValueTask EmitAsync(SkillEvent skillEvent, CancellationToken cancellationToken)
    {
        Action<SkillEvent>[] handlers;
        lock (_gate)
        {
            handlers = [.. _handlers.Where(entry => entry.Topic == skillEvent.Topic).Select(entry => entry.Handler)];
        }

        foreach (var handler in handlers)
        {
            handler(skillEvent);
        }

        return ValueTask.CompletedTask;
    }

    public IDisposable Subscribe(string topic, Action<SkillEvent> handler)
    {
        var entry = (topic, handler);
        lock (_gate)
        {
            _handlers.Add(entry);
        }

        return new Subscription(() => Forget(entry));
    }

    private void Forget((string Topic, Action<SkillEvent> Handler) entry)
    {
        lock (_gate)
        {
            _handlers.Remove(entry);
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
