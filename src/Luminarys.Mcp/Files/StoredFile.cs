namespace Luminarys.Mcp.Files;

/// <summary>A file that was uploaded, or that holds the result of a call. Complete and never changed.</summary>
/// <param name="Handle">128 random bits in hexadecimal digits.</param>
/// <param name="Owner">Who may use it.</param>
/// <param name="Path">Where it lies.</param>
internal sealed record StoredFile(string Handle, FileOwner Owner, string Path)
{
    /// <summary>Name for people and programs: letters, digits, dot, dash and underscore.</summary>
    public required string Name { get; init; }

    /// <summary>What it holds, as its sender says.</summary>
    public required string MediaType { get; init; }

    /// <summary>Number of bytes.</summary>
    public required long Length { get; init; }

    /// <summary>SHA-256 of the content in hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>When it goes.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Opens it for reading. Its deletion does not disturb who has it open.</summary>
    /// <exception cref="IOException">It has just gone.</exception>
    public FileStream Open() =>
        new(Path, new FileStreamOptions { Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
}
