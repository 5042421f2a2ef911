using Microsoft.Extensions.Logging;

namespace Luminarys.Manifests.Configuration;

/// <summary>Where the host's log goes (<c>log</c>).</summary>
public sealed record LogConfiguration
{
    /// <summary>Least level that is written.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>Whether the log goes to the standard error stream.</summary>
    public bool Stderr { get; init; } = true;

    /// <summary>Absolute path of a log file; null for none.</summary>
    public string? File { get; init; }

    /// <summary>Whether messages written by skills are part of the log.</summary>
    public bool SkillLog { get; init; }
}
