using System.Collections.Immutable;
using Luminarys.Ports;
using Luminarys.Skills;
using Luminarys.State;

namespace Luminarys.Runtime.Wasm.Tests;

/// <summary>A store in which a test steps in before states are read and written.</summary>
internal sealed class TroubledStore : IStateStore
{
    private readonly MemoryStateStore _inner = new();

    public Func<Task> OnFind { get; init; } = () => Task.CompletedTask;

    public Func<Task> OnSave { get; init; } = () => Task.CompletedTask;

    public Func<Task> OnMark { get; init; } = () => Task.CompletedTask;

    public async ValueTask<ReadOnlyMemory<byte>> FindStateAsync(StateKey key, CancellationToken cancellationToken)
    {
        await OnFind();
        return await _inner.FindStateAsync(key, cancellationToken);
    }

    public async ValueTask SaveStateAsync(StateKey key, ReadOnlyMemory<byte> state, CancellationToken cancellationToken)
    {
        await OnSave();
        await _inner.SaveStateAsync(key, state, cancellationToken);
    }

    public ValueTask<ReadOnlyMemory<byte>?> FindValueAsync(ValueKey key, CancellationToken cancellationToken) => _inner.FindValueAsync(key, cancellationToken);

    public ValueTask<bool> SaveValueAsync(ValueKey key, ReadOnlyMemory<byte> value, long scopeLimit, CancellationToken cancellationToken) =>
        _inner.SaveValueAsync(key, value, scopeLimit, cancellationToken);

    public ValueTask<ImmutableArray<Schedule>> ReadSchedulesAsync(SkillId skill, CancellationToken cancellationToken) =>
        _inner.ReadSchedulesAsync(skill, cancellationToken);

    public ValueTask AddScheduleAsync(Schedule schedule, CancellationToken cancellationToken) => _inner.AddScheduleAsync(schedule, cancellationToken);

    public ValueTask<bool> RemoveScheduleAsync(Guid id, CancellationToken cancellationToken) => _inner.RemoveScheduleAsync(id, cancellationToken);

    public ValueTask KeepSchedulesOfAsync(ImmutableArray<SkillId> skills, CancellationToken cancellationToken) =>
        _inner.KeepSchedulesOfAsync(skills, cancellationToken);

    public async ValueTask<string?> FindMarkAsync(string name, CancellationToken cancellationToken)
    {
        await OnMark();
        return await _inner.FindMarkAsync(name, cancellationToken);
    }

    public ValueTask SaveMarkAsync(string name, string value, CancellationToken cancellationToken) => _inner.SaveMarkAsync(name, value, cancellationToken);

    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}
