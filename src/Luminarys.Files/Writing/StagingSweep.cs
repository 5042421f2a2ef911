using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Luminarys.Files.Transfers;
using Luminarys.Permissions;

namespace Luminarys.Files.Writing;

/// <summary>
/// Removes what a host that died left behind: names of the host's own below read-write grants that nobody holds a lock on and that are older
/// than a minute, which is how long one may stand before its maker has locked it. Looks at no more than the limits of a walk and crosses no
/// mount border.
/// </summary>
internal sealed class StagingSweep(WalkLimits limits, TimeProvider time)
{
    private static readonly TimeSpan s_youngest = TimeSpan.FromMinutes(1);
    private int _left = limits.Entries;

    /// <summary>Goes through every directory that is granted for writing.</summary>
    public void Run(AnchorSet anchors)
    {
        for (var index = 0; index < anchors.Grants.Length; index++)
        {
            if (anchors.Grants[index].Mode == AccessMode.ReadWrite && anchors.AnchorOf(index) is { Tail: "", Canonical: not "/" } anchor)
            {
                Sweep(anchor);
            }
        }
    }

    private void Sweep(Anchor anchor)
    {
        var frames = new Stack<DirectoryFrame>();
        try
        {
            Enter(frames, anchor, null, default);
            while (_left > 0 && frames.TryPeek(out var frame))
            {
                if (!frame.TryNext(out var entry))
                {
                    frames.Pop().Dispose();
                }
                else if (entry.Text == DirectoryPath.ReservedPrefix)
                {
                    new IncomingSweep(time).Run(frame.Handle);
                }
                else if (DirectoryPath.IsReserved(entry.Text))
                {
                    Remove(frame, entry);
                }
                else if (entry.Kind == FileKind.Directory && frames.Count <= limits.Depth)
                {
                    Enter(frames, anchor, frame, entry);
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

    private void Enter(Stack<DirectoryFrame> frames, Anchor anchor, DirectoryFrame? above, NamedEntry entry)
    {
        var errno = above is null
            ? DirectoryFrame.Open(anchor.Handle, NativePath.Self.ToArray(), "", _left, out var frame)
            : DirectoryFrame.Open(above.Handle, entry.Name, "", _left, out frame);
        if (errno != Errno.None || frame is null)
        {
            return;
        }

        _left -= frame.Count;
        if (above is null || above.Status.Device == frame.Status.Device)
        {
            frames.Push(frame);
        }
        else
        {
            frame.Dispose();
        }
    }

    private void Remove(DirectoryFrame frame, NamedEntry entry)
    {
        if (Handles.StatAt(frame.Handle, entry.Name, out var status) != Errno.None || time.GetUtcNow() - status.Modified < s_youngest)
        {
            return;
        }

        if (status.Kind is not (FileKind.Regular or FileKind.Directory))
        {
            return;
        }

        var errno = Handles.OpenAt(frame.Handle, entry.Name, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking, out var handle);
        using (handle)
        {
            if (errno == Errno.None && Handles.Lock(handle) == Errno.None)
            {
                _ = TreeRemoval.Remove(frame.Handle, entry.Name);
            }
        }
    }
}
