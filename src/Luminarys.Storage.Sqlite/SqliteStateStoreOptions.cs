using System.ComponentModel.DataAnnotations;

namespace Luminarys.Storage.Sqlite;

/// <summary>Where the database is.</summary>
public sealed class SqliteStateStoreOptions
{
    /// <summary>Path of the database file; it and its directory are made for this user alone when they are missing.</summary>
    [Required]
    public string Path { get; set; } = "";

    /// <summary>
    /// Name of the node whose schedules are read and kept, so that nodes that share a file do not end each other's; states and values are shared. A node
    /// under a new name begins without schedules.
    /// </summary>
    [Required(AllowEmptyStrings = true)]
    public string Node { get; set; } = "";
}
