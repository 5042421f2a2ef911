namespace Luminarys.Files.Native;

/// <summary>Error numbers of Linux that have a meaning here; the same on every architecture that .NET runs on.</summary>
internal enum Errno
{
    None = 0,
    NotPermitted = 1,
    NoEntry = 2,
    Interrupted = 4,
    BadHandle = 9,
    TryAgain = 11,
    AccessDenied = 13,
    Busy = 16,
    Exists = 17,
    CrossDevice = 18,
    NotDirectory = 20,
    IsDirectory = 21,
    InvalidArgument = 22,
    TooManyFiles = 24,
    FileTooLarge = 27,
    NoSpace = 28,
    ReadOnlySystem = 30,
    NameTooLong = 36,
    NotImplemented = 38,
    NotEmpty = 39,
    Loop = 40,
    NotSupported = 95,
    OverQuota = 122,
}
