using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Luminarys.Storage.Sqlite;

/// <summary>The tables, and whether a file has them.</summary>
internal static class SqliteSchema
{
    private const int Version = 2;

    // "LMST" in the file's header: another program's database is left alone.
    private const int ApplicationId = 0x4C4D5354;

    private const string Tables = """
        CREATE TABLE schema_version (version INTEGER NOT NULL);
        INSERT INTO schema_version VALUES (2);
        CREATE TABLE state (skill TEXT NOT NULL, package TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (skill, package));
        CREATE TABLE value (scope TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (scope, key));
        CREATE TABLE schedule (id BLOB PRIMARY KEY, skill TEXT NOT NULL, method TEXT NOT NULL, payload BLOB NOT NULL, due INTEGER NOT NULL, node TEXT NOT NULL);
        CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL);
        CREATE INDEX schedule_of_skill ON schedule (node, skill, due, id);
        """;

    // Version 1 knew no marks and no nodes: a file served one, which is the one that opens it.
    private const string FromVersion1 = """
        CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL);
        ALTER TABLE schedule ADD COLUMN node TEXT NOT NULL DEFAULT '';
        UPDATE schedule SET node = @node;
        DROP INDEX schedule_of_skill;
        CREATE INDEX schedule_of_skill ON schedule (node, skill, due, id);
        UPDATE schema_version SET version = 2;
        """;

    /// <summary>Makes the tables in an empty file; checks them in another, and brings an earlier version up to date.</summary>
    /// <exception cref="IOException">The file is damaged, of another program, or of a later version.</exception>
    public static void Ensure(SqliteConnectionGate gate, string path, string node)
    {
        if (gate.Run(connection => TryPrepare(connection, node)) is { } fault)
        {
            throw new IOException($"The database '{path}' {fault}.");
        }
    }

    private static string? TryPrepare(SqliteConnection connection, string node)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        var id = Number(connection, "PRAGMA application_id");
        if (id == 0 && Number(connection, "SELECT COUNT(*) FROM sqlite_master") == 0)
        {
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; {Tables}"));
            transaction.Commit();
            return null;
        }

        if (id != ApplicationId)
        {
            return "belongs to another program";
        }

        if (Number(connection, "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'") == 0
            || connection.Find("PRAGMA quick_check(1)") is not "ok")
        {
            return "is damaged";
        }

        var version = Number(connection, "SELECT MAX(version) FROM schema_version");
        if (version is < 1 or > Version)
        {
            return $"has schema version {version.ToString(CultureInfo.InvariantCulture)}; this program knows {Version}";
        }

        if (version < Version)
        {
            connection.Execute(FromVersion1, ("@node", node));
            transaction.Commit();
        }

        return null;
    }

    private static long Number(SqliteConnection connection, string query) => connection.Find(query) as long? ?? 0;
}
