using System.Security.Cryptography;

namespace Luminarys.Mcp.Files;

/// <summary>
/// The directory of this process's files, for this user alone: made when the first file comes, deleted with all that is in it when the process stops. What
/// a process left that did not stop in order is deleted by the next one.
/// </summary>
internal sealed class FilePlace : IDisposable
{
    private const string LockName = "lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;

    private FilePlace(string directory, FileStream held) => (Directory, _lock) = (directory, held);

    public string Directory { get; }

    /// <summary>Makes it below <paramref name="parent"/>; null for the temporary directory.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static FilePlace Make(string? parent)
    {
        if (parent is null)
        {
            var temporary = System.IO.Directory.CreateTempSubdirectory("luminarys-files-").FullName;
            return new(temporary, Hold(temporary));
        }

        MakePrivate(parent);
        foreach (var left in System.IO.Directory.EnumerateDirectories(parent))
        {
            DeleteUnlessHeld(left);
        }

        var directory = Path.Combine(parent, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        MakePrivate(directory);
        return new(directory, Hold(directory));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock.Dispose();
        Delete(Directory);
    }

    private static FileStream Hold(string directory) => new(Path.Combine(directory, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);

    private static void MakePrivate(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            System.IO.Directory.CreateDirectory(directory);
        }
        else
        {
            System.IO.Directory.CreateDirectory(directory, OwnerOnly);

            // Fails when it belongs to somebody else.
            File.SetUnixFileMode(directory, OwnerOnly);
        }
    }

    private static void DeleteUnlessHeld(string directory)
    {
        try
        {
            using (new FileStream(Path.Combine(directory, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            {
                Delete(directory);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another process runs and holds it, or is just making it.
        }
    }

    private static void Delete(string directory)
    {
        try
        {
            System.IO.Directory.Delete(directory, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next process deletes it.
        }
    }
}
