using System.Buffers;
using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>Searches files for <c>fs_grep</c>: one, those below a directory, or those of all granted directories.</summary>
internal sealed class FileSearch(IGrantedFiles files, GrepRequest request, SearchLimits limits, FileFilter filter, LineSearch lines, GrepAnswer answer)
{
    private const int FirstBuffer = 64 * 1024;

    private readonly IgnoredDirectories _ignored = new(request.IgnoredDirectories);
    private byte[] _buffer = [];
    private long _scanned;

    private enum Content
    {
        Text,
        Binary,
        TooLarge,
    }

    /// <summary>Searches, or answers what the guest is told.</summary>
    public string? Run(FileCall call)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            return request.Path.Length == 0 ? SearchAll(call) : SearchPath(call);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
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

            if (answer.Lines >= limits.Lines)
            {
                break;
            }
        }

        return null;
    }

    private string? SearchPath(FileCall call)
    {
        var told = files.Stat(request.Path);
        if (!told.IsSuccess)
        {
            return call.Tell(told.Fault);
        }

        if (!told.Value.IsDirectory)
        {
            return SearchNamed(call);
        }

        return SearchTree(call, request.Path, "", out var fault) is { } unfit ? call.Tell(unfit) : fault;
    }

    private string? SearchNamed(FileCall call)
    {
        if (!filter.AcceptsPath(DirectoryPath.NameOf(request.Path), call.Cancellation))
        {
            return null;
        }

        var opened = files.OpenRead(request.Path);
        if (!opened.IsSuccess)
        {
            return call.Tell(opened.Fault);
        }

        using var stream = opened.Value;
        return Load(stream, out var text) switch
        {
            Content.TooLarge => $"too large: files of more than {limits.FileBytes} bytes are not searched",
            Content.Binary => $"not a text file: {request.Path}",
            _ => Search(call, text, request.Path),
        };
    }

    private FileFault? SearchTree(FileCall call, string start, string prefix, out string? fault)
    {
        fault = null;
        FileFault? cut = null;
        var walk = files.Walk(start, new(request.MaxDepth, _ignored.Allows, limit => cut = limit), call.Cancellation);
        if (!walk.IsSuccess)
        {
            return walk.Fault;
        }

        foreach (var entry in walk.Value)
        {
            fault = call.CheckTime() ?? SearchEntry(call, entry, prefix);
            if (fault is not null || answer.Lines >= limits.Lines)
            {
                return null;
            }
        }

        fault = cut is null ? null : call.Tell(cut);
        return null;
    }

    private string? SearchEntry(FileCall call, WalkedEntry walked, string prefix)
    {
        var path = walked.RelativePath;
        if (walked.Entry.IsDirectory || walked.Entry.IsLink || walked.Entry.Length > limits.FileBytes
            || !filter.AcceptsType(walked.Entry.Name) || !filter.AcceptsPath(path, call.Cancellation))
        {
            return null;
        }

        var opened = walked.Open();
        if (!opened.IsSuccess)
        {
            return null;
        }

        using var stream = opened.Value;
        try
        {
            return Load(stream, out var text) == Content.Text ? Search(call, text, DirectoryPath.Join(prefix, path)) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // One unreadable file among many is left out, as if it could not be opened.
            return null;
        }
    }

    private string? Search(FileCall call, ReadOnlySpan<byte> text, string path)
    {
        _scanned += text.Length;
        return _scanned > limits.ScannedBytes
            ? $"too large: more than {limits.ScannedBytes} bytes to search; name a smaller directory or include fewer files"
            : lines.Search(text, path, call);
    }

    private Content Load(Stream stream, out ReadOnlySpan<byte> text)
    {
        text = default;
        var length = 0;
        while (true)
        {
            if (length == _buffer.Length)
            {
                Grow();
            }

            var read = stream.Read(_buffer, length, Math.Min(_buffer.Length, limits.FileBytes + 1) - length);
            length += read;
            if (length > limits.FileBytes)
            {
                return Content.TooLarge;
            }

            if (read == 0)
            {
                text = _buffer.AsSpan(0, length);
                return TextBytes.IsText(text) ? Content.Text : Content.Binary;
            }
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
