namespace Luminarys.Ports;

/// <summary>Why an act on a file did not happen.</summary>
public enum FileError
{
    /// <summary>No grant covers the path, or not with this access. Says nothing about whether it exists.</summary>
    Denied,

    /// <summary>A granted path does not exist.</summary>
    NotFound,

    /// <summary>It exists already.</summary>
    AlreadyExists,

    /// <summary>It is a directory and a file was needed.</summary>
    IsDirectory,

    /// <summary>It is not a directory and one was needed.</summary>
    NotDirectory,

    /// <summary>The text is not a path that this host takes: relative, with <c>..</c>, with a NUL, too long, or with a reserved component.</summary>
    InvalidPath,

    /// <summary>A limit of depth, entries or bytes.</summary>
    Limit,

    /// <summary>The disk is full, or nearly.</summary>
    NoSpace,

    /// <summary>Somebody else has it at the moment.</summary>
    Busy,

    /// <summary>The call was cancelled or its time ended.</summary>
    Cancelled,

    /// <summary>Anything else that the system reports.</summary>
    Io,
}
