using Luminarys.Files.Native;
using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Files;

/// <summary>Says what an error of the system means to a skill. The only place that does.</summary>
internal static class FileFaultMap
{
    /// <summary>The fault for an act that the system refused.</summary>
    public static FileFault From(Errno errno, string path) => errno switch
    {
        Errno.NoEntry => new(FileError.NotFound, path),
        Errno.Exists => new(FileError.AlreadyExists, path),
        Errno.IsDirectory => new(FileError.IsDirectory, path),
        Errno.NotDirectory => new(FileError.NotDirectory, path),
        Errno.NameTooLong => new(FileError.InvalidPath, path, "is too long"),
        Errno.NoSpace or Errno.OverQuota => new(FileError.NoSpace, path),
        Errno.FileTooLarge => new(FileError.Limit, path, "the file system holds no files of that size"),
        Errno.CrossDevice or Errno.Loop => Denied(path, "a link that leads out of the granted directory is not followed"),
        Errno.TryAgain => Denied(path, "directories were renamed while the path was followed"),
        Errno.AccessDenied or Errno.NotPermitted => new(FileError.Io, path, "the operating system does not allow it"),
        Errno.ReadOnlySystem => new(FileError.Io, path, "the file system is read-only"),
        Errno.NotEmpty => new(FileError.Io, path, "the directory is not empty"),
        Errno.TooManyFiles => new(FileError.Io, path, "too many open files"),
        _ => new(FileError.Io, path, $"system error {(int)errno}"),
    };

    /// <summary>The fault for what the framework threw.</summary>
    public static FileFault From(Exception exception, string path) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => new(FileError.NotFound, path),
        PathTooLongException => new(FileError.InvalidPath, path, "is too long"),
        UnauthorizedAccessException => From(Errno.AccessDenied, path),
        _ => new(FileError.Io, path, "the operating system reports an error"),
    };

    /// <summary>A denial by a fixed rule, which no manifest line lifts.</summary>
    public static FileFault Denied(string path, string rule) => Denied(path, Verdict.Deny(rule, ""));

    /// <summary>A denial.</summary>
    public static FileFault Denied(string path, Verdict verdict) => new(FileError.Denied, path, verdict.Rule, verdict);

    /// <summary>A path that is none.</summary>
    public static FileFault Invalid(string path, string why) => new(FileError.InvalidPath, path, why);

    /// <summary>The call ended meanwhile.</summary>
    public static FileFault Cancelled(string path) => new(FileError.Cancelled, path);
}
