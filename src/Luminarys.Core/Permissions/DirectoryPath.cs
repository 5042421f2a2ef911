using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Luminarys.Permissions;

/// <summary>What a path of a skill may look like, before any file system is asked.</summary>
public static class DirectoryPath
{
    /// <summary>Names that begin so are the host's own, for files on their way; no skill names them or sees them.</summary>
    public const string ReservedPrefix = ".lm-staging";

    /// <summary>Most bytes of a path.</summary>
    public const int MaxBytes = 4096;

    /// <summary>Most bytes of a segment.</summary>
    public const int MaxSegmentBytes = 255;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Takes an absolute path; drops <c>.</c> segments, repeated and trailing <c>/</c>. A <c>..</c> is refused, not resolved.</summary>
    public static bool TryNormalize(string path, [NotNullWhen(true)] out string? normalized, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(path);
        normalized = null;
        if (!path.StartsWith('/'))
        {
            fault = "is not absolute";
            return false;
        }

        return TryNormalizeSegments(path, "/", out normalized, out fault);
    }

    /// <summary>Takes a path from a start; what it answers begins and ends without <c>/</c> and is empty for the start itself.</summary>
    public static bool TryNormalizeRelative(string path, [NotNullWhen(true)] out string? normalized, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(path);
        normalized = null;
        if (path.StartsWith('/'))
        {
            fault = "is absolute";
            return false;
        }

        return TryNormalizeSegments(path, "", out normalized, out fault);
    }

    /// <summary>Whether a name is one of the host's own.</summary>
    public static bool IsReserved(ReadOnlySpan<char> name) => name.StartsWith(ReservedPrefix, StringComparison.Ordinal);

    /// <summary>The path without its last segment; <c>/</c> for a path of one segment.</summary>
    public static string ParentOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var slash = path.LastIndexOf('/');
        return slash <= 0 ? "/" : path[..slash];
    }

    /// <summary>The last segment; empty for <c>/</c>.</summary>
    public static string NameOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path[(path.LastIndexOf('/') + 1)..];
    }

    /// <summary>A directory and what lies below it, as one path.</summary>
    public static string Join(string directory, string relative)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(relative);
        return relative.Length == 0 ? directory
            : directory.Length == 0 || directory[^1] == '/' ? directory + relative
            : $"{directory}/{relative}";
    }

    /// <summary>Whether a path is a directory or lies below it.</summary>
    public static bool IsWithin(string path, string directory)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(directory);
        return directory == "/" ? path.StartsWith('/')
            : path.StartsWith(directory, StringComparison.Ordinal) && (path.Length == directory.Length || path[directory.Length] == '/');
    }

    /// <summary>The path from a directory that it lies in; empty for the directory itself.</summary>
    public static string RelativeTo(string path, string directory)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(directory);
        return path[directory.Length..].TrimStart('/');
    }

    private static bool TryNormalizeSegments(
        string path, string start, [NotNullWhen(true)] out string? normalized, [NotNullWhen(false)] out string? fault)
    {
        normalized = null;
        fault = FindFault(path);
        if (fault is not null)
        {
            return false;
        }

        var text = new StringBuilder(start, path.Length + 1);
        foreach (var range in path.AsSpan().Split('/'))
        {
            var segment = path.AsSpan(range);
            if (segment.IsEmpty || segment is ".")
            {
                continue;
            }

            fault = segment is ".." ? "holds '..'"
                : IsReserved(segment) ? "holds a reserved name"
                : segment.Length > MaxSegmentBytes || Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes ? "holds a name that is too long"
                : null;
            if (fault is not null)
            {
                return false;
            }

            _ = (text.Length > start.Length ? text.Append('/') : text).Append(segment);
        }

        normalized = text.ToString();
        return true;
    }

    private static string? FindFault(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            return "holds a NUL";
        }

        try
        {
            return path.Length > MaxBytes || s_strict.GetByteCount(path) > MaxBytes ? "is too long" : null;
        }
        catch (EncoderFallbackException)
        {
            return "is not valid text";
        }
    }
}
