using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Luminarys.Files.Writing;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Transfers;

/// <summary>
/// Where one incoming file stands until it has its name: a part and a note in a directory of the host's own, in the granted directory when that is the same
/// file system as the target, so that one look finds what a crash has left; else beside the target. Owns the directory's handle.
/// </summary>
internal sealed class IncomingStage : IDisposable
{
    /// <summary>Ends the name of what has come.</summary>
    public const string PartSuffix = ".part";

    /// <summary>Ends the name of the note.</summary>
    public const string NoteSuffix = ".note";

    private const UnixFileMode OnlyHost = (UnixFileMode)0x1C0;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private readonly byte[] _note;
    private readonly byte[] _newNote;

    private IncomingStage(SafeFileHandle directory, string key)
    {
        Directory = directory;
        (Part, _note, _newNote) = (NativePath.Encode(key + PartSuffix), NativePath.Encode(key + NoteSuffix), NativePath.Encode(key + NoteSuffix + "-new"));
    }

    /// <summary>The directory.</summary>
    public SafeFileHandle Directory { get; }

    /// <summary>Name of what has come.</summary>
    public byte[] Part { get; }

    /// <summary>Opens it, and makes it when it is missing.</summary>
    public static FileResult<IncomingStage> Open(Resolver resolver, Place place, UInt128 origin)
    {
        var errno = OpenDirectory(ParentOf(resolver, place), out var directory);
        if (errno == Errno.None && (errno = Handles.Stat(directory, out var status)) == Errno.None && (status.Mode & OthersWrite) == 0)
        {
            return new IncomingStage(directory, KeyOf(place, origin));
        }

        directory.Dispose();
        return errno == Errno.None
            ? FileFaultMap.Denied(place.Path, "others may write into the host's own directory beside the file")
            : FileFaultMap.From(errno, place.Path);
    }

    /// <summary>Reads the note; null when there is none, or none that is whole.</summary>
    public IncomingNote? ReadNote() => ReadNote(Directory, _note);

    /// <summary>Reads a note by its name.</summary>
    public static IncomingNote? ReadNote(SafeFileHandle directory, ReadOnlySpan<byte> name)
    {
        var errno = Handles.OpenAt(directory, name, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking, out var handle);
        using (handle)
        {
            Span<byte> bytes = stackalloc byte[IncomingNote.Size + 1];
            return errno == Errno.None ? IncomingNote.Read(bytes[..RandomAccess.Read(handle, bytes, 0)]) : null;
        }
    }

    /// <summary>Replaces the note; when it answers none, the new one is on the disk.</summary>
    public Errno WriteNote(IncomingNote note)
    {
        var flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.NoFollow;
        var errno = Handles.OpenAt(Directory, _newNote, flags, out var handle, (UnixFileMode)0x180);
        using (handle)
        {
            if (errno != Errno.None)
            {
                return errno;
            }

            RandomAccess.Write(handle, note.ToBytes(), 0);
            CrashPoints.Pass("note-written");
            errno = Handles.Flush(handle);
            CrashPoints.Pass("note-flushed");
        }

        errno = errno == Errno.None ? Handles.Rename(Directory, _newNote, Directory, _note) : errno;
        CrashPoints.Pass("note-renamed");
        errno = errno == Errno.None ? Handles.FlushDirectory(Directory) : errno;
        CrashPoints.Pass("note-named");
        return errno;
    }

    /// <summary>Removes what has come, and the note.</summary>
    public void Remove()
    {
        _ = Handles.Unlink(Directory, Part);
        _ = Handles.Unlink(Directory, _note);
        _ = Handles.Unlink(Directory, _newNote);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Dispose();

    private static Errno OpenDirectory(SafeFileHandle parent, out SafeFileHandle directory)
    {
        var name = NativePath.Encode(DirectoryPath.ReservedPrefix);
        _ = Handles.MakeDirectory(parent, name, OnlyHost);
        return Handles.OpenAt(parent, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, out directory);
    }

    private static SafeFileHandle ParentOf(Resolver resolver, Place place) =>
        resolver.Anchors.Real.Find(place.RealPath) is { } match
        && resolver.Anchors.Real.PatternOf(match.Index)!.IsLiteral
        && resolver.Anchors.AnchorOf(match.Index) is { Tail: "" } anchor
        && Handles.Stat(anchor.Handle, out var above) == Errno.None
        && Handles.Stat(place.Directory, out var below) == Errno.None
        && (above.Device, above.Mount) == (below.Device, below.Mount)
            ? anchor.Handle
            : place.Directory;

    // One name for one content at one place: who copies it again finds what is there of it.
    private static string KeyOf(Place place, UInt128 origin)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{origin:x32}{place.RealPath}")));
        return Convert.ToHexStringLower(hash.AsSpan(0, 16));
    }
}
