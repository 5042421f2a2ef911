using System.Buffers;
using Luminarys.Permissions;
using Luminarys.Ports;
using MessagePack;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>Finds names for <c>fs_glob</c> below one directory or all granted ones.</summary>
internal sealed class GlobSearch(IGrantedFiles files, GlobRequest request, SearchLimits limits, int maxBytes)
{
    private const int Frame = 16;

    private readonly IgnoredDirectories _ignored = new(request.IgnoredDirectories);
    private readonly ArrayBufferWriter<byte> _found = new();
    private int _count;

    /// <summary>Searches and answers, or tells what the guest is told.</summary>
    public string? Run(FileCall call, IBufferWriter<byte> answer)
    {
        if (request.Patterns.Length > limits.Patterns)
        {
            return $"invalid argument: patterns: more than {limits.Patterns} patterns";
        }

        var fault = request.Path.Length == 0 ? SearchAll(call)
            : SearchTree(call, request.Path, "", out var wrong) is { } unfit ? call.Tell(unfit)
            : wrong;
        if (fault is not null)
        {
            return fault;
        }

        var writer = new MessagePackWriter(answer);
        writer.WriteMapHeader(1);
        writer.WriteString("matches"u8);
        writer.WriteArrayHeader(_count);
        writer.WriteRaw(_found.WrittenSpan);
        writer.Flush();
        return null;
    }

    private string? SearchAll(FileCall call)
    {
        foreach (var root in files.FindRoots(call.Cancellation))
        {
            // A granted directory need not be there.
            if (SearchTree(call, root, root, out var fault) is null && fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private FileFault? SearchTree(FileCall call, string start, string prefix, out string? fault)
    {
        var directory = DirectoryPath.TryNormalize(start, out var normalized, out _) ? normalized : start;
        if (!PathPatternSet.TryParse(request.Patterns, directory, request.MatchesHidden, out var patterns, out fault))
        {
            return null;
        }

        FileFault? cut = null;
        var depth = Math.Min(patterns.Depth, request.MaxDepth == 0 ? int.MaxValue : request.MaxDepth);
        var options = new WalkOptions(Math.Max(depth, 1), path => _ignored.Allows(path) && patterns.Enters(path), limit => cut = limit);
        var walk = files.Walk(start, options, call.Cancellation);
        if (!walk.IsSuccess)
        {
            return walk.Fault;
        }

        foreach (var entry in walk.Value)
        {
            fault = call.CheckTime() ?? (patterns.IsMatch(entry.RelativePath) ? Add(entry, prefix) : null);
            if (fault is not null)
            {
                return null;
            }
        }

        fault = cut is null ? null : call.Tell(cut);
        return null;
    }

    private string? Add(WalkedEntry walked, string prefix)
    {
        if (walked.Entry.IsDirectory ? request.OnlyFiles : request.OnlyDirectories)
        {
            return null;
        }

        var writer = new MessagePackWriter(_found);
        writer.WriteMapHeader(2);
        writer.WriteString("path"u8);
        writer.Write(DirectoryPath.Join(prefix, walked.RelativePath));
        writer.WriteString("is_dir"u8);
        writer.Write(walked.Entry.IsDirectory);
        writer.Flush();
        return ++_count > limits.Paths ? $"too large: more than {limits.Paths} names match"
            : _found.WrittenCount + Frame > maxBytes ? $"too large: the names have more than {maxBytes} bytes; search for fewer"
            : null;
    }
}
