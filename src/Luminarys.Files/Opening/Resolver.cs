using Luminarys.Files.Native;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Opening;

/// <summary>The way from a path to a judged handle: choose the grant, open below its directory, judge what was opened.</summary>
internal sealed class Resolver(AnchorSet anchors, IPathOpener opener, HandleJudge judge, FileDefences defences)
{
    public AnchorSet Anchors => anchors;

    public IPathOpener Opener => opener;

    public HandleJudge Judge => judge;

    public FileDefences Defences => defences;

    /// <summary>Whether a name is one of the host's own, which nobody sees.</summary>
    public bool Hides(string name) => defences.ReservedNames && DirectoryPath.IsReserved(name);

    /// <summary>The grant for a normalized path, when it is enough.</summary>
    public FileResult<DirectoryMatch> Match(string path, AccessMode mode) =>
        anchors.Requested.Find(path) is { } match && match.Allows(mode)
            ? match
            : FileFaultMap.Denied(path, anchors.Requested.Judge(path, mode));

    /// <summary>Opens what a normalized path names, following links that stay inside.</summary>
    public FileResult<OpenedFile> Open(string path, AccessMode mode, bool followLinks = true)
    {
        var matched = Match(path, mode);
        if (!matched.IsSuccess)
        {
            return matched.Fault;
        }

        var match = matched.Value;
        var errno = OpenHandle(match, DirectoryPath.RelativeTo(path, match.Root), followLinks, out var handle);
        if (errno != Errno.None)
        {
            handle.Dispose();
            return FileFaultMap.From(errno, path);
        }

        return judge.Judge(handle, path, mode);
    }

    /// <summary>Opens a directory that a normalized path names.</summary>
    public FileResult<OpenedFile> OpenDirectory(string path, AccessMode mode, bool followLinks = true)
    {
        var opened = Open(path, mode, followLinks);
        if (opened.IsSuccess && !opened.Value.IsDirectory)
        {
            opened.Value.Dispose();
            return FileFaultMap.From(Errno.NotDirectory, path);
        }

        return opened;
    }

    /// <summary>Opens from a grant's directory; what lies between the anchor and that directory is never reached through a link.</summary>
    public Errno OpenHandle(DirectoryMatch match, string relative, bool followLinks, out SafeFileHandle handle)
    {
        var (anchor, tail) = anchors.PlaceOf(match);
        if (tail.Length == 0)
        {
            return opener.Open(anchor.Handle, relative, followLinks, out handle);
        }

        var errno = opener.Open(anchor.Handle, tail, followLinks: false, out handle);
        if (errno != Errno.None || relative.Length == 0)
        {
            // Above the granted directory a file in the way is as good as nothing there.
            return errno == Errno.NotDirectory ? Errno.NoEntry : errno;
        }

        using var root = handle;
        return opener.Open(root, relative, followLinks, out handle);
    }
}
