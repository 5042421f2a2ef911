using Microsoft.Data.Sqlite;

namespace Luminarys.Storage.Sqlite;

/// <summary>One connection to the database, used by one caller at a time; the others wait without a thread.</summary>
internal sealed class SqliteConnectionGate : IDisposable
{
    private const int BusySeconds = 5;

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Opens the connection.</summary>
    /// <exception cref="IOException">The file cannot be opened or is no database.</exception>
    public SqliteConnectionGate(string path)
    {
        _path = path;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = BusySeconds }.ToString());
        try
        {
            SqliteFault.Translate(path, Open);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs work in the caller's turn.</summary>
    /// <exception cref="IOException">The database failed.</exception>
    public async ValueTask<T> RunAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return SqliteFault.Translate(_path, () => work(_connection));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Runs work while nobody else has the connection: at the start.</summary>
    /// <exception cref="IOException">The database failed.</exception>
    public T Run<T>(Func<SqliteConnection, T> work) => SqliteFault.Translate(_path, () => work(_connection));

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection.Dispose();
        _turn.Dispose();
    }

    // A saved state survives a power failure: the log is flushed with each transaction.
    private int Open()
    {
        _connection.Open();
        return _connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;");
    }
}
