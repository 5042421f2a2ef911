namespace Luminarys.Manifests.Configuration;

/// <summary>What happens when several nodes offer one skill id (<c>cluster.duplicates</c>).</summary>
public enum DuplicateSkillRule
{
    /// <summary>The first owner serves; another with an equal module takes over when it is gone.</summary>
    StickyFailover,

    /// <summary>Calls are spread over nodes with an equal module.</summary>
    Balance,

    /// <summary>The second registration is refused.</summary>
    Error,
}
