using System.Collections.Immutable;
using Luminarys.Ports;
using Luminarys.Skills;

namespace Luminarys.State;

/// <summary>A store that ends with the process.</summary>
public sealed class MemoryStateStore : IStateStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<StateKey, byte[]> _states = [];
    private readonly Dictionary<ValueKey, byte[]> _values = [];
    private readonly Dictionary<Guid, Schedule> _schedules = [];
    private readonly Dictionary<string, string> _marks = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> FindStateAsync(StateKey key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_states.GetValueOrDefault(key, []));
        }
    }

    /// <inheritdoc/>
    public ValueTask SaveStateAsync(StateKey key, ReadOnlyMemory<byte> state, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _states[key] = state.ToArray();
            return ValueTask.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public ValueTask<string?> FindMarkAsync(string name, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_marks.GetValueOrDefault(name));
        }
    }

    /// <inheritdoc/>
    public ValueTask SaveMarkAsync(string name, string value, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _marks[name] = value;
            return ValueTask.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> FindValueAsync(ValueKey key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_values.TryGetValue(key, out var value) ? value : (ReadOnlyMemory<byte>?)null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> SaveValueAsync(ValueKey key, ReadOnlyMemory<byte> value, long scopeLimit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var others = _values.Where(pair => pair.Key.Scope == key.Scope && pair.Key != key).Sum(pair => SizeOf(pair.Key, pair.Value.Length));
            if (others + SizeOf(key, value.Length) > scopeLimit)
            {
                return new(false);
            }

            _values[key] = value.ToArray();
            return new(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<Schedule>> ReadSchedulesAsync(SkillId skill, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new([.. _schedules.Values.Where(schedule => schedule.Skill == skill).OrderBy(schedule => schedule.Due).ThenBy(schedule => schedule.Id)]);
        }
    }

    /// <inheritdoc/>
    public ValueTask AddScheduleAsync(Schedule schedule, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        lock (_gate)
        {
            _schedules[schedule.Id] = schedule with { Payload = schedule.Payload.ToArray() };
            return ValueTask.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> RemoveScheduleAsync(Guid id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(_schedules.Remove(id));
        }
    }

    /// <inheritdoc/>
    public ValueTask KeepSchedulesOfAsync(ImmutableArray<SkillId> skills, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (var gone in _schedules.Values.Where(schedule => !skills.Contains(schedule.Skill)).ToArray())
            {
                _schedules.Remove(gone.Id);
            }

            return ValueTask.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static long SizeOf(ValueKey key, int length) => System.Text.Encoding.UTF8.GetByteCount(key.Key) + length;
}
