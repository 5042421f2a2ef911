using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Runtime.Wasm.HostFunctions.Shell;

/// <summary>
/// Finds programs by rules of its own: a name without a slash in the configured directories only, one with a slash from the work directory. The system's
/// own lookup would also try the host's directories, where a skill may have planted a file.
/// </summary>
internal sealed class ProgramFinder(IReadOnlyList<string> path, ShellDefences defences)
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode SetId = UnixFileMode.SetUser | UnixFileMode.SetGroup;

    /// <summary>Finds a program.</summary>
    /// <param name="name">First word of the command.</param>
    /// <param name="workDirectory">Handle of the work directory.</param>
    public FoundProgram Find(string name, SafeFileHandle workDirectory)
    {
        if (name.StartsWith('/'))
        {
            return Judge(name, name);
        }

        if (name.Contains('/', StringComparison.Ordinal))
        {
            return FindBeneath(name, workDirectory);
        }

        if (!defences.OwnLookup && FindBeneath($"./{name}", workDirectory) is { Path: not null } planted)
        {
            return planted;
        }

        foreach (var directory in path)
        {
            var file = Path.Combine(directory, name);
            if (Judge(file, file) is { } found && (found.Path is not null || found.Refusal is not null))
            {
                return found;
            }
        }

        return new(null, name, null);
    }

    // Directories on the way must be directories and not links; the last part may be a link, as in .venv/bin/python.
    private FoundProgram FindBeneath(string name, SafeFileHandle workDirectory)
    {
        var segments = name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(segment => segment != ".").ToArray();
        if (segments.Length == 0)
        {
            return new(null, name, null);
        }

        var opened = new List<int>();
        try
        {
            var directory = (int)workDirectory.DangerousGetHandle();
            foreach (var segment in segments[..^1])
            {
                directory = Libc.OpenAt(directory, segment, Libc.OpenDirectoryOnly, 0);
                if (directory < 0)
                {
                    return new(null, name, null);
                }

                opened.Add(directory);
            }

            // By the directory's own name: a link in it may be relative.
            var place = new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{directory}")).LinkTarget ?? "";
            return Judge(Path.Combine(place, segments[^1]), $"./{string.Join('/', segments)}");
        }
        finally
        {
            opened.ForEach(Libc.Close);
        }
    }

    private FoundProgram Judge(string file, string start)
    {
        var name = Path.GetFileName(start);
        try
        {
            var target = new FileInfo(file);
            if (target.ResolveLinkTarget(returnFinalTarget: true) is FileInfo final)
            {
                target = final;
                name = final.Name;
            }

            var mode = target.Exists && !OperatingSystem.IsWindows() ? File.GetUnixFileMode(target.FullName) : UnixFileMode.None;
            return (mode & AnyExecute) == 0 ? new(null, name, null)
                : defences.NoSetId && (mode & SetId) != 0 ? new(null, name, $"{start} runs as another user")
                : new(start, name, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new(null, name, null);
        }
    }
}
