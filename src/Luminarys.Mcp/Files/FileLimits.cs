namespace Luminarys.Mcp.Files;

/// <summary>How much of clients' files is kept, and how long. Nothing but a test changes it.</summary>
internal sealed record FileLimits
{
    /// <summary>The limits of every server.</summary>
    public static FileLimits Default { get; } = new();

    /// <summary>Largest file in bytes.</summary>
    public long MaxFile { get; init; } = 1L << 30;

    /// <summary>All files together in bytes, copies for running calls included.</summary>
    public long MaxTotal { get; init; } = 4L << 30;

    /// <summary>Files of one owner together in bytes.</summary>
    public long MaxOfOwner { get; init; } = 2L << 30;

    /// <summary>Number of files of one owner.</summary>
    public int MaxFilesOfOwner { get; init; } = 256;

    /// <summary>Uploads of one owner at once.</summary>
    public int MaxUploadsOfOwner { get; init; } = 4;

    /// <summary>How long a file is kept.</summary>
    public TimeSpan Life { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Bytes each second that an upload must make, once it has had <see cref="Grace"/>.</summary>
    public double MinUploadRate { get; init; } = 64 * 1024;

    /// <summary>How long an upload may be slow at its beginning.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);
}
