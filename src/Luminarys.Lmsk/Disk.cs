namespace Luminarys.Lmsk;

/// <summary>Reads and writes whole files; what goes wrong becomes a line for the author.</summary>
internal static class Disk
{
    // For all to read, and for the owner to write: whoever may write a record of trust decides whom a host trusts.
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The bytes of a file; null after a line in <paramref name="errors"/>.</summary>
    public static async Task<byte[]?> ReadAsync(string path, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            await errors.WriteLineAsync($"{path}: it cannot be read: {exception.Message}").ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Puts a file in place in one step: a reader finds the old one or the new one, whole. Answers false after a line in <paramref name="errors"/>.</summary>
    public static bool TryReplace(string path, ReadOnlySpan<byte> content, TextWriter errors)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(temporary, Mode);
            }

            File.Move(temporary, path, overwrite: true);
            return true;
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            errors.WriteLine($"{path}: it cannot be written: {exception.Message}");
            Forget(temporary);
            return false;
        }
    }

    /// <summary>Whether an exception is about a file and not a mistake of ours.</summary>
    public static bool IsOfFiles(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    // The reason why it could not be written is said already; a second one would hide it.
    private static void Forget(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
        }
    }
}
