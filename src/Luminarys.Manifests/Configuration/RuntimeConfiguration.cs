namespace Luminarys.Manifests.Configuration;

/// <summary>How skills are executed (<c>runtime</c>).</summary>
public sealed record RuntimeConfiguration
{
    /// <summary>Absolute directory of compiled modules; null keeps none on disk.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>Linear memory of one instance, in MiB.</summary>
    public int MemoryLimitMegabytes { get; init; } = 64;

    /// <summary>Longest duration of one call.</summary>
    public TimeSpan InvokeTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Instances kept for each skill at most.</summary>
    public int MaxInstances { get; init; } = 1;

    /// <summary>Whether a skill may ask for a TLS connection without certificate checks.</summary>
    public bool AllowInsecureTls { get; init; }
}
