namespace Luminarys.Lmsk.Running;

/// <summary>
/// Where one run keeps its files. A skill may not reach them, so they lie where nobody grants access: not in the folder for temporary files.
/// </summary>
internal static class RunPlace
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a new folder for the owner alone, which the caller removes; null after a line in <paramref name="errors"/>.</summary>
    public static string? TryCreate(TextWriter errors)
    {
        var place = Path.Combine(CacheDirectory, "luminarys", $"lmsk-run-{Guid.NewGuid():N}");
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(place);
            }
            else
            {
                Directory.CreateDirectory(place, Mode);
            }

            return place;
        }
        catch (Exception exception) when (Disk.IsOfFiles(exception))
        {
            errors.WriteLine($"{place}: it cannot be made: {exception.Message}; set XDG_CACHE_HOME to a folder that you may write");
            return null;
        }
    }

    // A relative path counts as none.
    private static string CacheDirectory => Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } home && Path.IsPathFullyQualified(home)
        ? home
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}
