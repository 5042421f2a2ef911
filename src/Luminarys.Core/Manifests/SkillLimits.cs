namespace Luminarys.Manifests;

/// <summary>Limits of one skill. A null keeps the host's value.</summary>
/// <param name="Concurrency">Calls that may run at once.</param>
/// <param name="RatePerMinute">Calls that may begin in a minute.</param>
/// <param name="MemoryMegabytes">Linear memory of one instance, in MiB.</param>
/// <param name="Instances">Instances kept at most.</param>
/// <param name="Timeout">Longest duration of one call.</param>
public sealed record SkillLimits(
    int? Concurrency = null,
    int? RatePerMinute = null,
    int? MemoryMegabytes = null,
    int? Instances = null,
    TimeSpan? Timeout = null)
{
    /// <summary>The host's limits throughout.</summary>
    public static SkillLimits Default { get; } = new();
}
