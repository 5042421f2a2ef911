using System.Collections.Immutable;
using Luminarys.Ports;
using Luminarys.Skills;
using Luminarys.State;

namespace Luminarys.Cluster.Tests.Support;

/// <summary>A store whose values keep everybody waiting while its gate is closed, or fail.</summary>
internal sealed class GatedStore : IStateStore
{
    private readonly MemoryStateStore _inner = new();

    /// <summary>What reading and writing of values waits for; null for nothing.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>What reading and writing of values throws; null for nothing.</summary>
    public IOException? Failure { get; set; }

    public ValueTask<ReadOnlyMemory<byte>> FindStateAsync(StateKey key, CancellationToken cancellationToken) => _inner.FindStateAsync(key, cancellationToken);

    public ValueTask SaveStateAsync(StateKey key, ReadOnlyMemory<byte> state, CancellationToken cancellationToken) =>
        _inner.SaveStateAsync(key, state, cancellationToken);

    public async ValueTask<ReadOnlyMemory<byte>?> FindValueAsync(ValueKey key, CancellationToken cancellationToken)
    {
        await PassAsync();
        return await _inner.FindValueAsync(key, cancellationToken);
    }

    public async ValueTask<bool> SaveValueAsync(ValueKey key, ReadOnlyMemory<byte> value, long scopeLimit, CancellationToken cancellationToken)
    {
        await PassAsync();
        return await _inner.SaveValueAsync(key, value, scopeLimit, cancellationToken);
    }

    public ValueTask<ImmutableArray<Schedule>> ReadSchedulesAsync(SkillId skill, CancellationToken cancellationToken) =>
        _inner.ReadSchedulesAsync(skill, cancellationToken);

    public ValueTask AddScheduleAsync(Schedule schedule, CancellationToken cancellationToken) => _inner.AddScheduleAsync(schedule, cancellationToken);

    public ValueTask<bool> RemoveScheduleAsync(Guid id, CancellationToken cancellationToken) => _inner.RemoveScheduleAsync(id, cancellationToken);

    public ValueTask KeepSchedulesOfAsync(ImmutableArray<SkillId> skills, CancellationToken cancellationToken) =>
        _inner.KeepSchedulesOfAsync(skills, cancellationToken);

    public ValueTask<string?> FindMarkAsync(string name, CancellationToken cancellationToken) => _inner.FindMarkAsync(name, cancellationToken);

    public ValueTask SaveMarkAsync(string name, string value, CancellationToken cancellationToken) => _inner.SaveMarkAsync(name, value, cancellationToken);

    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private async Task PassAsync()
    {
        if (Failure is { } failure)
        {
            throw failure;
        }

        await (Gate?.Task ?? Task.CompletedTask);
    }
}
