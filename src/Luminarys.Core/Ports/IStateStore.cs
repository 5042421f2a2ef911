using System.Collections.Immutable;
using Luminarys.Skills;
using Luminarys.State;

namespace Luminarys.Ports;

/// <summary>What skills keep between calls and restarts: their state, shared values, schedules; and what the host must remember about them. Thread-safe. A failing medium throws <see cref="IOException"/>.</summary>
public interface IStateStore : IAsyncDisposable
{
    /// <summary>Reads a skill's state; empty when there is none.</summary>
    ValueTask<ReadOnlyMemory<byte>> FindStateAsync(StateKey key, CancellationToken cancellationToken);

    /// <summary>Replaces a skill's state; the last writer wins. It is there after a crash of the host.</summary>
    ValueTask SaveStateAsync(StateKey key, ReadOnlyMemory<byte> state, CancellationToken cancellationToken);

    /// <summary>Reads a value; null when there is none.</summary>
    ValueTask<ReadOnlyMemory<byte>?> FindValueAsync(ValueKey key, CancellationToken cancellationToken);

    /// <summary>Writes a value; answers false, and keeps the old one, when all values of the scope would exceed the limit.</summary>
    /// <param name="key">Scope and name.</param>
    /// <param name="value">The value.</param>
    /// <param name="scopeLimit">Bytes that all keys and values of the scope may take together.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    ValueTask<bool> SaveValueAsync(ValueKey key, ReadOnlyMemory<byte> value, long scopeLimit, CancellationToken cancellationToken);

    /// <summary>Reads a skill's schedules, the earliest first.</summary>
    ValueTask<ImmutableArray<Schedule>> ReadSchedulesAsync(SkillId skill, CancellationToken cancellationToken);

    /// <summary>Adds a schedule.</summary>
    ValueTask AddScheduleAsync(Schedule schedule, CancellationToken cancellationToken);

    /// <summary>Removes a schedule; answers false when it was not there.</summary>
    ValueTask<bool> RemoveScheduleAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Removes the schedules of skills that are not among these.</summary>
    ValueTask KeepSchedulesOfAsync(ImmutableArray<SkillId> skills, CancellationToken cancellationToken);

    /// <summary>Reads a mark that the host keeps for itself, such as the highest version seen of a package; null when there is none.</summary>
    ValueTask<string?> FindMarkAsync(string name, CancellationToken cancellationToken);

    /// <summary>Sets a mark. It is there after a crash of the host.</summary>
    ValueTask SaveMarkAsync(string name, string value, CancellationToken cancellationToken);
}
