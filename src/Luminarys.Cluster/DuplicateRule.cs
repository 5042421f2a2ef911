namespace Luminarys.Cluster;

/// <summary>What a master does with a skill id that several nodes offer.</summary>
public enum DuplicateRule
{
    /// <summary>The first owner serves; another node with the same package takes over when it is gone.</summary>
    StickyFailover,

    /// <summary>Calls go to the node with the fewest of them running, among those with the owner's package. For skills that keep no state.</summary>
    Balance,

    /// <summary>The second offer is refused, and stays refused until it is made anew after the owner has gone.</summary>
    Error,
}
