using System.Security.Cryptography;
using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Luminarys.Files.Writing;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Win32.SafeHandles;

namespace Luminarys.Files.Transfers;

/// <summary>
/// A file on its way in. What is flushed is noted, and what is noted is flushed: after a crash the part is cut back to the note. The final name appears by one
/// rename, between a note that says so is about to happen and one that says it did.
/// </summary>
internal sealed class IncomingPart : IIncomingFile
{
    private const UnixFileMode OnlyHost = (UnixFileMode)0x180;
    private const int BufferSize = 256 * 1024;

    private readonly Resolver _resolver;
    private readonly Place _place;
    private readonly IncomingStage _stage;
    private readonly IncomingFile _file;
    private readonly WritePolicy _policy;
    private readonly SafeFileHandle? _handle;

    private IncomingPart(Resolver resolver, Place place, IncomingStage stage, IncomingFile file, WritePolicy policy, SafeFileHandle? handle) =>
        (_resolver, _place, _stage, _file, _policy, _handle) = (resolver, place, stage, file, policy, handle);

    public ContentHash? Committed { get; private set; }

    public long Durable { get; private set; }

    private SafeFileHandle Handle => _handle ?? throw new InvalidOperationException("The file is there already.");

    /// <summary>Opens it in its stage. Takes place and stage over, and closes them after a fault.</summary>
    public static FileResult<IIncomingFile> Open(Resolver resolver, Place place, IncomingStage stage, IncomingFile file, WritePolicy policy)
    {
        var note = stage.ReadNote();
        if (note is { State: not IncomingState.Receiving } && FindCommitted(place, stage, note, file) is { } hash)
        {
            return new IncomingPart(resolver, place, stage, file, policy, null) { Committed = hash };
        }

        var fault = CheckTarget(place, file);
        if (fault is null)
        {
            var errno = OpenPart(stage, out var handle, out var modeOfOther);
            var part = new IncomingPart(resolver, place, stage, file, policy, handle);
            fault = errno != Errno.None ? part.Map(errno)
                : Handles.Lock(handle) != Errno.None ? part.LeaveToOther(modeOfOther)
                : part.BeginOrLeave(note);
            if (fault is null)
            {
                return part;
            }

            handle.Dispose();
        }

        stage.Dispose();
        place.Dispose();
        return fault;
    }

    public int Read(Span<byte> buffer, long offset) => RandomAccess.Read(Handle, buffer, offset);

    public FileFault? Restart()
    {
        // The note first: it must never promise more than there is.
        var fault = Note(IncomingState.Receiving, 0, default);
        if (fault is null)
        {
            Durable = 0;
        }

        return fault ?? Map(Handles.Truncate(Handle, 0)) ?? Allocate();
    }

    public FileFault? Write(ReadOnlySpan<byte> content, long offset)
    {
        try
        {
            RandomAccess.Write(Handle, content, offset);
            CrashPoints.Pass("sink-part-written");
            return null;
        }
        catch (IOException exception)
        {
            return Map((Errno)exception.HResult);
        }
    }

    public FileFault? Flush(long offset)
    {
        var fault = Map(Handles.Flush(Handle));
        CrashPoints.Pass("sink-part-flushed");
        fault ??= Note(IncomingState.Receiving, offset, default);
        if (fault is null)
        {
            Durable = offset;
        }

        CrashPoints.Pass("sink-flush-noted");
        return fault;
    }

    public FileFault? Commit(ContentHash hash)
    {
        CrashPoints.Pass("commit-begun");
        var fault = Finish() ?? Announce(hash) ?? Rename() ?? FlushNames() ?? Note(IncomingState.Committed, _file.Length, hash);
        CrashPoints.Pass("commit-noted");
        return fault;
    }

    public void Discard() => _stage.Remove();

    public void Dispose()
    {
        _handle?.Dispose();
        _stage.Dispose();
        _place.Dispose();
    }

    // A host that died between the rename and the last note finds the file under its name.
    private static ContentHash? FindCommitted(Place place, IncomingStage stage, IncomingNote note, IncomingFile file)
    {
        if (note.Transfer != file.Transfer || note.Length != file.Length)
        {
            return null;
        }

        if (note.State == IncomingState.Committed)
        {
            return note.Hash;
        }

        if (Handles.StatAt(stage.Directory, stage.Part, out _) != Errno.NoEntry || HashOf(place) != note.Hash)
        {
            return null;
        }

        _ = Handles.FlushDirectory(place.Directory);
        return stage.WriteNote(note with { State = IncomingState.Committed }) == Errno.None ? note.Hash : null;
    }

    private static ContentHash? HashOf(Place place)
    {
        var errno = Handles.OpenAt(place.Directory, place.Name, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking, out var handle);
        using (handle)
        {
            if (errno != Errno.None || Handles.Stat(handle, out var status) != Errno.None || status.Kind != FileKind.Regular)
            {
                return null;
            }

            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[BufferSize];
            for (long offset = 0; RandomAccess.Read(handle, buffer, offset) is var count && count > 0; offset += count)
            {
                hash.AppendData(buffer, 0, count);
            }

            return ContentHash.Read(hash.GetHashAndReset());
        }
    }

    // A host that died after it had set the final mode may have left what it may not open any more.
    private static Errno OpenPart(IncomingStage stage, out SafeFileHandle handle, out UnixFileMode? modeBefore)
    {
        var flags = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow;
        modeBefore = null;
        var errno = Handles.OpenAt(stage.Directory, stage.Part, flags, out handle, OnlyHost);
        if (errno != Errno.AccessDenied || Handles.OpenAt(stage.Directory, stage.Part, OpenFlags.Path | OpenFlags.NoFollow, out var closed) != Errno.None)
        {
            return errno;
        }

        using (closed)
        {
            if (Handles.Stat(closed, out var status) != Errno.None || status.Kind != FileKind.Regular || Handles.SetMode(closed, OnlyHost) != Errno.None)
            {
                return errno;
            }

            modeBefore = status.Mode & FileStatus.Permissions;
        }

        handle.Dispose();
        return Handles.OpenAt(stage.Directory, stage.Part, flags, out handle, OnlyHost);
    }

    private static FileFault? CheckTarget(Place place, IncomingFile file)
    {
        var errno = place.Stat(out var status);
        if (errno == Errno.NoEntry)
        {
            return null;
        }

        return errno != Errno.None ? FileFaultMap.From(errno, place.Path)
            : status.Kind == FileKind.Directory ? FileFaultMap.From(Errno.IsDirectory, place.Path)
            : status.Kind == FileKind.Other ? FileFaultMap.Denied(place.Path, "only regular files and directories are opened")
            : file.Overwrites ? null
            : FileFaultMap.From(Errno.Exists, place.Path);
    }

    // What did not begin leaves nothing behind, unless there was something that another attempt may go on from.
    private FileFault? BeginOrLeave(IncomingNote? note)
    {
        var fault = Begin(note);
        if (fault is not null && note is { State: IncomingState.Committed })
        {
            _ = Handles.Unlink(_stage.Directory, _stage.Part);
        }
        else if (fault is not null && Durable == 0)
        {
            Discard();
        }

        return fault;
    }

    private FileFault LeaveToOther(UnixFileMode? mode)
    {
        if (mode is { } before)
        {
            _ = Handles.SetMode(Handle, before);
        }

        return new(FileError.Busy, _place.Path, "another transfer brings the same file");
    }

    private FileFault? Begin(IncomingNote? note)
    {
        CrashPoints.Pass("sink-part-made");
        var errno = Handles.Stat(Handle, out var status);
        if (errno != Errno.None)
        {
            return Map(errno);
        }

        Durable = note is { State: not IncomingState.Committed } && note.Length == _file.Length && note.Durable <= status.Length ? note.Durable : 0;

        // The note of this transfer before the part: one without a note is removed as nobody's.
        return CheckSpace()
            ?? Note(IncomingState.Receiving, Durable, default)
            ?? Map(Handles.Truncate(Handle, Durable))
            ?? Allocate();
    }

    private FileFault? CheckSpace()
    {
        var errno = Handles.StatFileSystem(_stage.Directory, out var status);
        if (errno != Errno.None)
        {
            return Map(errno);
        }

        var space = status.ToDiskSpace();
        return space.Available - _policy.Reserve(space.Total) < _file.Length - Durable ? Map(Errno.NoSpace) : null;
    }

    // A file system that cannot take blocks ahead shows a full disk at the write.
    private FileFault? Allocate()
    {
        var errno = _file.Length == 0 || !_policy.TakesRoomAhead ? Errno.None : Handles.Allocate(Handle, _file.Length);
        CrashPoints.Pass("sink-room-taken");
        return errno is Errno.NoSpace or Errno.OverQuota or Errno.FileTooLarge ? Map(errno) : null;
    }

    // Of the handle: whatever was done to its name, the directory is where it is.
    private FileFault? CheckDirectory()
    {
        var errno = Handles.Stat(_place.Directory, out var status);
        var realPath = "";
        if (errno == Errno.None && status.Links > 0)
        {
            errno = Handles.RealPath(_place.Directory, out realPath);
        }

        return errno != Errno.None || realPath.Length == 0
            ? new FileFault(FileError.NotFound, _place.Path, "the directory has gone")
            : _resolver.Judge.JudgeRealPath(_place.Path, DirectoryPath.Join(realPath, NativePath.Decode(_place.Name)), AccessMode.ReadWrite);
    }

    private FileFault? Finish()
    {
        var fault = Map(Handles.SetMode(Handle, _file.Mode & FileStatus.Permissions)) ?? Map(Handles.Truncate(Handle, _file.Length));
        CrashPoints.Pass("commit-mode-set");
        fault ??= Map(Handles.Flush(Handle));
        CrashPoints.Pass("commit-flushed");
        return fault ?? CheckDirectory();
    }

    private FileFault? Announce(ContentHash hash)
    {
        var fault = Note(IncomingState.Committing, _file.Length, hash);
        CrashPoints.Pass("commit-announced");
        return fault;
    }

    private FileFault? Rename()
    {
        // Whoever finds the file by its name must not find it locked.
        _ = Handles.Unlock(Handle);
        var errno = _file.Overwrites
            ? Handles.Rename(_stage.Directory, _stage.Part, _place.Directory, _place.Name)
            : Handles.RenameNew(_stage.Directory, _stage.Part, _place.Directory, _place.Name);
        CrashPoints.Pass("commit-renamed");
        return Map(errno);
    }

    private FileFault? FlushNames()
    {
        var fault = Map(Handles.FlushDirectory(_place.Directory));
        CrashPoints.Pass("commit-directory-flushed");
        fault ??= Map(Handles.FlushDirectory(_stage.Directory));
        CrashPoints.Pass("commit-stage-flushed");
        return fault;
    }

    private FileFault? Note(IncomingState state, long durable, ContentHash hash)
    {
        try
        {
            return Map(_stage.WriteNote(new(state, _file.Transfer, _file.Length, durable, hash)));
        }
        catch (IOException exception)
        {
            return Map((Errno)exception.HResult);
        }
    }

    private FileFault? Map(Errno errno) => errno == Errno.None ? null : FileFaultMap.From(errno, _place.Path);
}
