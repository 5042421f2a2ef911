using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Files.Walking;

/// <summary>One way through a tree by handles, from directory to directory and through no link.</summary>
internal sealed class DirectoryWalk(Resolver resolver, WalkLimits limits, string path, WalkOptions options)
{
    private readonly int _depth = options.MaxDepth > 0 ? Math.Min(options.MaxDepth, limits.Depth) : limits.Depth;
    private bool _isCut;

    /// <summary>Checks that there is a directory to walk through.</summary>
    public FileFault? Check()
    {
        var opened = resolver.OpenDirectory(path, AccessMode.ReadOnly);
        opened.Value?.Dispose();
        return opened.Fault;
    }

    /// <summary>The entries; a handle is open for each level, until the enumeration ends.</summary>
    public IEnumerable<WalkedEntry> Enumerate(CancellationToken cancellationToken)
    {
        var frames = new Stack<DirectoryFrame>();
        try
        {
            PushStart(frames);
            for (var seen = 0; frames.TryPeek(out var frame);)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!frame.TryNext(out var entry))
                {
                    frames.Pop().Dispose();
                    continue;
                }

                if (resolver.Hides(entry.Text) || Handles.StatAt(frame.Handle, entry.Name, out var status) != Errno.None)
                {
                    continue;
                }

                if (seen++ == limits.Entries)
                {
                    Cut($"more than {limits.Entries} names");
                    yield break;
                }

                var relative = frame.PathOf(entry);
                yield return new(relative, Entries.Of(entry.Text, status, status.Kind == FileKind.Link), () => Open(frame, entry, relative));
                if (status.Kind == FileKind.Directory)
                {
                    Enter(frames, frame, entry, relative);
                }
            }
        }
        finally
        {
            while (frames.TryPop(out var frame))
            {
                frame.Dispose();
            }
        }
    }

    private void PushStart(Stack<DirectoryFrame> frames)
    {
        var opened = resolver.OpenDirectory(path, AccessMode.ReadOnly);
        if (opened.IsSuccess)
        {
            using var start = opened.Value;
            _ = DirectoryFrame.Open(start.Handle, NativePath.Self.ToArray(), "", limits.Entries + 1, out var frame);
            Push(frames, frame);
        }
    }

    private void Enter(Stack<DirectoryFrame> frames, DirectoryFrame frame, NamedEntry entry, string relative)
    {
        if (frames.Count >= _depth)
        {
            if (_depth == limits.Depth)
            {
                Cut($"directories deeper than {limits.Depth}");
            }

            return;
        }

        if (options.Enters?.Invoke(relative) == false
            || DirectoryFrame.Open(frame.Handle, entry.Name, relative, limits.Entries + 1, out var child) != Errno.None)
        {
            return;
        }

        var childPath = DirectoryPath.Join(path, relative);
        var fault = resolver.Judge.JudgeRealPath(childPath, child!.RealPath, AccessMode.ReadOnly)
            ?? (child.Status.Device == frame.Status.Device ? null : resolver.Judge.JudgeTree(child.Handle, childPath, child.RealPath));
        if (fault is null)
        {
            Push(frames, child);
        }
        else
        {
            child.Dispose();
        }
    }

    private static void Push(Stack<DirectoryFrame> frames, DirectoryFrame? frame)
    {
        if (frame is not null)
        {
            frames.Push(frame);
        }
    }

    private FileResult<Stream> Open(DirectoryFrame frame, NamedEntry entry, string relative)
    {
        var entryPath = DirectoryPath.Join(path, relative);
        if (frame.Handle.IsClosed)
        {
            return new FileFault(FileError.Io, entryPath, "the walk has moved on");
        }

        var errno = Handles.OpenAt(frame.Handle, entry.Name, OpenFlags.Path | OpenFlags.NoFollow, out var handle);
        if (errno != Errno.None)
        {
            handle.Dispose();
            return FileFaultMap.From(errno, entryPath);
        }

        var judged = resolver.Judge.Judge(handle, entryPath, AccessMode.ReadOnly);
        return judged.IsSuccess ? FileReader.ToStream(judged.Value, entryPath) : judged.Fault;
    }

    private void Cut(string detail)
    {
        if (!_isCut)
        {
            _isCut = true;
            options.OnLimit?.Invoke(new(FileError.Limit, path, detail));
        }
    }
}
