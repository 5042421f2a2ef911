using Microsoft.Data.Sqlite;

namespace Luminarys.Storage.Sqlite;

/// <summary>Short forms for statements with parameters.</summary>
internal static class SqliteCommands
{
    /// <summary>Runs a statement and answers the number of rows that it changed.</summary>
    public static int Execute(this SqliteConnection connection, string statement, params (string Name, object Value)[] parameters)
    {
        using var command = Create(connection, statement, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first value that a query answers; null for no row.</summary>
    public static object? Find(this SqliteConnection connection, string query, params (string Name, object Value)[] parameters)
    {
        using var command = Create(connection, query, parameters);
        return command.ExecuteScalar();
    }

    /// <summary>All rows of a query.</summary>
    public static List<T> Read<T>(this SqliteConnection connection, Func<SqliteDataReader, T> read, string query, params (string Name, object Value)[] parameters)
    {
        using var command = Create(connection, query, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static SqliteCommand Create(SqliteConnection connection, string statement, (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = statement;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
