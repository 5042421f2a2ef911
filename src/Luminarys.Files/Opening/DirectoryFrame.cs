using Luminarys.Files.Native;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Opening;

/// <summary>A directory that an act is in: its handle, which is open for reading, its names in byte order, and how far the act has come.</summary>
internal sealed class DirectoryFrame : IDisposable
{
    private readonly List<NamedEntry> _entries = [];
    private int _next;

    private DirectoryFrame(SafeFileHandle handle, byte[] name, string relativePath) => (Handle, Name, RelativePath) = (handle, name, relativePath);

    public SafeFileHandle Handle { get; }

    /// <summary>The name it was opened by.</summary>
    public byte[] Name { get; }

    /// <summary>From the start of the act; empty for the start itself.</summary>
    public string RelativePath { get; }

    /// <summary>How many names it has.</summary>
    public int Count => _entries.Count;

    /// <summary>What it is.</summary>
    public FileStatus Status { get; private set; }

    /// <summary>Where it is.</summary>
    public string RealPath { get; private set; } = "";

    /// <summary>Opens a directory by its name in another, and not through a link. The caller owns it.</summary>
    /// <param name="directory">The other. Not owned.</param>
    /// <param name="name">The name; <c>.</c> for the other itself.</param>
    /// <param name="relativePath">From the start of the act.</param>
    /// <param name="limit">Most names that are read.</param>
    /// <param name="frame">The directory; null after an error.</param>
    public static Errno Open(SafeFileHandle directory, byte[] name, string relativePath, int limit, out DirectoryFrame? frame)
    {
        frame = null;
        var flags = OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow | OpenFlags.NonBlocking;
        var errno = Handles.OpenAt(directory, name, flags, out var handle);
        var opened = new DirectoryFrame(handle, name, relativePath);
        if (errno == Errno.None && (errno = opened.Load(limit)) == Errno.None)
        {
            frame = opened;
            return errno;
        }

        opened.Dispose();
        return errno;
    }

    /// <summary>The next name; false when there is none.</summary>
    public bool TryNext(out NamedEntry entry)
    {
        entry = _next < _entries.Count ? _entries[_next] : default;
        return _next++ < _entries.Count;
    }

    /// <summary>The path of a name in it, from the start of the act.</summary>
    public string PathOf(NamedEntry entry) => RelativePath.Length == 0 ? entry.Text : $"{RelativePath}/{entry.Text}";

    public void Dispose() => Handle.Dispose();

    private Errno Load(int limit)
    {
        var errno = Handles.Stat(Handle, out var status);
        if (errno != Errno.None || (errno = Handles.RealPath(Handle, out var realPath)) != Errno.None
            || (errno = Handles.Read(Handle, limit, _entries)) != Errno.None)
        {
            return errno;
        }

        _entries.Sort(NamedEntry.Compare);
        (Status, RealPath) = (status, realPath);
        return Errno.None;
    }
}
