using System.ComponentModel.DataAnnotations;

namespace Luminarys.Storage.Sqlite;

/// <summary>Where the database is.</summary>
public sealed class SqliteStateStoreOptions
{
    /// <summary>Path of the database file; it and its directory are made for this user alone when they are missing.</summary>
    [Required]
    public string Path { get; set; } = "";
}
