using System.Collections.Immutable;
using Luminarys.Files.Native;
using Luminarys.Files.Opening;
using Luminarys.Permissions;

namespace Luminarys.Files.Walking;

/// <summary>
/// Finds the directories that grants with pattern characters name. It goes by handles from the grant's own directory, through no link, only where
/// the pattern leads; what it finds is a name, which is judged like any other when it is opened.
/// </summary>
internal sealed class GrantSearch(AnchorSet anchors, WalkLimits limits)
{
    private int _seen;

    /// <summary>The granted directories, sorted and without those inside of others.</summary>
    public ImmutableArray<string> Find(CancellationToken cancellationToken)
    {
        var found = new List<string>();
        for (var index = 0; index < anchors.Grants.Length; index++)
        {
            if (anchors.Grants[index].IsImplied || anchors.Requested.PatternOf(index) is not { } pattern)
            {
                continue;
            }

            if (pattern.IsLiteral)
            {
                found.Add(pattern.LiteralPrefix);
            }
            else if (anchors.AnchorOf(index) is { Tail.Length: 0 } anchor)
            {
                Find(anchor, pattern, found, cancellationToken);
            }
        }

        return Reduce(found);
    }

    /// <summary>Directories in the order of their names, each once and without those that lie in another one.</summary>
    public static ImmutableArray<string> Reduce(IEnumerable<string> directories)
    {
        // With the separator below all other characters, a directory stands before its content and before names that only begin alike.
        var roots = directories.ToList();
        roots.Sort((one, other) => string.CompareOrdinal(one.Replace('/', '\0'), other.Replace('/', '\0')));
        var outer = ImmutableArray.CreateBuilder<string>();
        foreach (var root in roots)
        {
            if (outer.Count == 0 || !DirectoryPath.IsWithin(root, outer[^1]))
            {
                outer.Add(root);
            }
        }

        return outer.ToImmutable();
    }

    private void Find(Anchor anchor, DirectoryPattern pattern, List<string> found, CancellationToken cancellationToken)
    {
        var way = PatternWay.Of(pattern.Remainder);
        var frames = new Stack<DirectoryFrame>();
        try
        {
            Enter(frames, anchor.Handle, NativePath.Self.ToArray(), "");
            while (frames.TryPeek(out var frame))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!frame.TryNext(out var entry) || ++_seen > limits.Entries)
                {
                    frames.Pop().Dispose();
                    continue;
                }

                var relative = frame.PathOf(entry);
                if (DirectoryPath.IsReserved(entry.Text) || !way.Leads(relative)
                    || Handles.StatAt(frame.Handle, entry.Name, out var status) != Errno.None || status.Kind != FileKind.Directory)
                {
                    continue;
                }

                var path = DirectoryPath.Join(pattern.LiteralPrefix, relative);
                if (pattern.Names(path))
                {
                    found.Add(path);
                }
                else if (frames.Count < limits.Depth)
                {
                    Enter(frames, frame.Handle, entry.Name, relative);
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

    private void Enter(Stack<DirectoryFrame> frames, Microsoft.Win32.SafeHandles.SafeFileHandle directory, byte[] name, string relative)
    {
        _ = DirectoryFrame.Open(directory, name, relative, limits.Entries + 1, out var frame);
        if (frame is not null)
        {
            frames.Push(frame);
        }
    }
}
