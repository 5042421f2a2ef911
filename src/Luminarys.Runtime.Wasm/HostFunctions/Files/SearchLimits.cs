namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>How much one call reads and finds.</summary>
internal sealed record SearchLimits
{
    /// <summary>The host's own.</summary>
    public static SearchLimits Standard { get; } = new();

    /// <summary>Longest call of a function that goes through files.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest file that is searched.</summary>
    public int FileBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>Bytes that one call searches.</summary>
    public long ScannedBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Lines that one call finds.</summary>
    public int Lines { get; init; } = 10_000;

    /// <summary>Paths that one call finds.</summary>
    public int Paths { get; init; } = 100_000;

    /// <summary>Patterns of one list.</summary>
    public int Patterns { get; init; } = 256;
}
