namespace Luminarys.Files;

/// <summary>How files are opened and written. Read once, when file access is made.</summary>
public sealed class FileAccessOptions
{
    /// <summary>Whether a finished write is flushed to the disk before it gets its name.</summary>
    public bool IsDurable { get; set; } = true;

    /// <summary>Whether a file with several names may be opened for writing.</summary>
    public bool AllowHardLinks { get; set; } = true;

    /// <summary>Whether file access is offered on systems where paths cannot be walked without following links.</summary>
    public bool AllowUnsafePaths { get; set; }
}
