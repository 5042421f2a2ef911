namespace Luminarys.Storage.Sqlite;

/// <summary>The file of a database, for this user alone: skills' states may hold secrets.</summary>
internal static class DatabaseFile
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the file and its directory when they are missing, and takes the file from everyone else. Files that SQLite makes beside it get its mode.</summary>
    /// <exception cref="IOException">That is not possible.</exception>
    public static void Prepare(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                return;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!, FileMode | UnixFileMode.UserExecute);
            using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = System.IO.FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
                UnixCreateMode = FileMode,
            });
            if (File.GetUnixFileMode(file.SafeFileHandle) != FileMode)
            {
                File.SetUnixFileMode(file.SafeFileHandle, FileMode);
            }
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"The database '{path}' cannot be opened: {exception.Message}", exception);
        }
    }
}
