namespace Luminarys.Manifests.Watching;

/// <summary>
/// What shows that a file is another one, or another content, without reading it. The time of creation helps where the system keeps one: a file that was
/// put in the place of another has its own, also when it kept the time of its last change.
/// </summary>
/// <param name="Target">Where links lead; empty when there is no file.</param>
/// <param name="Length">Size in bytes.</param>
/// <param name="Written">When it was written last.</param>
/// <param name="Created">When it was created.</param>
internal readonly record struct FileStamp(string Target, long Length, DateTime Written, DateTime Created)
{
    /// <summary>Looks at a file.</summary>
    public static FileStamp Of(string path)
    {
        try
        {
            var file = new FileInfo(path);
            var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return target.Exists ? new(target.FullName, target.Length, target.LastWriteTimeUtc, target.CreationTimeUtc) : default;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Not reachable is a state like others: what matters is when it changes.
            return default;
        }
    }
}
