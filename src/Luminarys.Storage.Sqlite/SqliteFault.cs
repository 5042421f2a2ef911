using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Luminarys.Storage.Sqlite;

/// <summary>What goes wrong in SQLite, in the words of the port.</summary>
internal static class SqliteFault
{
    /// <summary>Does something with the database and translates its failure.</summary>
    /// <exception cref="IOException">It failed.</exception>
    public static T Translate<T>(string path, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (SqliteException exception)
        {
            throw new IOException($"The database '{path}' {Describe(exception)}.", exception);
        }
    }

    private static string Describe(SqliteException exception) => exception.SqliteErrorCode switch
    {
        raw.SQLITE_CORRUPT => "is damaged",
        raw.SQLITE_NOTADB => "is no database",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "is locked by another program",
        raw.SQLITE_FULL => "has no space left on its disk",
        raw.SQLITE_READONLY => "cannot be written",
        raw.SQLITE_CANTOPEN => "cannot be opened",
        _ => $"failed: {exception.Message}",
    };
}
