using System.Collections.Immutable;
using Luminarys.Ports;
using Luminarys.Skills;
using Luminarys.State;
using Microsoft.Data.Sqlite;

namespace Luminarys.Storage.Sqlite;

/// <summary>A store in one SQLite file. Writes wait for one another; reads wait for reads only.</summary>
internal sealed class SqliteStateStore : IStateStore
{
    private readonly SqliteConnectionGate _writer;
    private readonly SqliteConnectionGate _reader;
    private readonly string _node;

    /// <summary>Opens the file, or makes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="node">Whose schedules are kept: several nodes may use one file.</param>
    /// <exception cref="IOException">It cannot be opened, is damaged, or belongs to another program.</exception>
    public SqliteStateStore(string path, string node = "")
    {
        _node = node;
        path = Path.GetFullPath(path);
        DatabaseFile.Prepare(path);
        _writer = new SqliteConnectionGate(path);
        try
        {
            SqliteSchema.Ensure(_writer, path, node);
            _reader = new SqliteConnectionGate(path);
        }
        catch
        {
            _writer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> FindStateAsync(StateKey key, CancellationToken cancellationToken) => _reader.RunAsync(
        connection => (ReadOnlyMemory<byte>)(connection.Find("SELECT value FROM state WHERE skill = @skill AND package = @package", NamesOf(key)) as byte[] ?? []),
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SaveStateAsync(StateKey key, ReadOnlyMemory<byte> state, CancellationToken cancellationToken) => await _writer.RunAsync(
        connection => connection.Execute(
            """
            INSERT INTO state (skill, package, value) VALUES (@skill, @package, @value)
            ON CONFLICT (skill, package) DO UPDATE SET value = excluded.value
            """,
            [.. NamesOf(key), ("@value", state.ToArray())]),
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<string?> FindMarkAsync(string name, CancellationToken cancellationToken) => _reader.RunAsync(
        connection => connection.Find("SELECT value FROM mark WHERE name = @name", ("@name", name)) as string, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SaveMarkAsync(string name, string value, CancellationToken cancellationToken) => await _writer.RunAsync(
        connection => connection.Execute(
            "INSERT INTO mark (name, value) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET value = excluded.value", ("@name", name), ("@value", value)),
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> FindValueAsync(ValueKey key, CancellationToken cancellationToken) => _reader.RunAsync(
        connection => connection.Find("SELECT value FROM value WHERE scope = @scope AND key = @key", ("@scope", key.Scope), ("@key", key.Key)) is byte[] value
            ? value
            : (ReadOnlyMemory<byte>?)null,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> SaveValueAsync(ValueKey key, ReadOnlyMemory<byte> value, long scopeLimit, CancellationToken cancellationToken) => _writer.RunAsync(
        connection => connection.Execute(
            """
            INSERT INTO value (scope, key, value) SELECT @scope, @key, @value WHERE @limit >= LENGTH(CAST(@key AS BLOB)) + LENGTH(@value) +
                (SELECT COALESCE(SUM(LENGTH(CAST(key AS BLOB)) + LENGTH(value)), 0) FROM value WHERE scope = @scope AND key <> @key)
            ON CONFLICT (scope, key) DO UPDATE SET value = excluded.value
            """,
            ("@scope", key.Scope),
            ("@key", key.Key),
            ("@value", value.ToArray()),
            ("@limit", scopeLimit)) > 0,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<Schedule>> ReadSchedulesAsync(SkillId skill, CancellationToken cancellationToken) => _reader.RunAsync<ImmutableArray<Schedule>>(
        connection =>
        [
            .. connection.Read(
                ReadSchedule,
                "SELECT id, skill, method, payload, due FROM schedule WHERE node = @node AND skill = @skill ORDER BY due, id",
                ("@node", _node),
                ("@skill", skill.Value)),
        ],
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask AddScheduleAsync(Schedule schedule, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        await _writer.RunAsync(
            connection => connection.Execute(
                "INSERT OR REPLACE INTO schedule (id, skill, method, payload, due, node) VALUES (@id, @skill, @method, @payload, @due, @node)",
                ("@id", BytesOf(schedule.Id)),
                ("@skill", schedule.Skill.Value),
                ("@method", schedule.Method),
                ("@payload", schedule.Payload.ToArray()),
                ("@due", schedule.Due.UtcTicks),
                ("@node", _node)),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<bool> RemoveScheduleAsync(Guid id, CancellationToken cancellationToken) =>
        _writer.RunAsync(connection => connection.Execute("DELETE FROM schedule WHERE id = @id", ("@id", BytesOf(id))) > 0, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask KeepSchedulesOfAsync(ImmutableArray<SkillId> skills, CancellationToken cancellationToken)
    {
        var kept = skills.Select(skill => skill.Value).ToHashSet(StringComparer.Ordinal);
        await _writer.RunAsync(connection => RemoveOthers(connection, kept, _node), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _writer.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A setting of a connection that writes. For tests.</summary>
    internal object? ReadSetting(string name) => _writer.Run(connection => connection.Find($"PRAGMA {name}"));

    private static int RemoveOthers(SqliteConnection connection, HashSet<string> kept, string node)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        foreach (var gone in connection.Read(row => row.GetString(0), "SELECT DISTINCT skill FROM schedule WHERE node = @node", ("@node", node))
            .Where(skill => !kept.Contains(skill)))
        {
            connection.Execute("DELETE FROM schedule WHERE node = @node AND skill = @skill", ("@node", node), ("@skill", gone));
        }

        transaction.Commit();
        return 0;
    }

    private static (string Name, object Value)[] NamesOf(StateKey key) => [("@skill", key.Skill.Value), ("@package", key.Package.ToString())];

    // Big-endian, so that the database sorts them as the framework does.
    private static byte[] BytesOf(Guid id) => id.ToByteArray(bigEndian: true);

    private static Schedule ReadSchedule(SqliteDataReader row) => new(
        new Guid((byte[])row[0], bigEndian: true),
        new SkillId(row.GetString(1)),
        row.GetString(2),
        (byte[])row[3],
        new DateTimeOffset(row.GetInt64(4), TimeSpan.Zero));
}
