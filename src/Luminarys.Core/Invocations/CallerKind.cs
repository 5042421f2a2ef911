namespace Luminarys.Invocations;

/// <summary>Where a call comes from.</summary>
public enum CallerKind
{
    /// <summary>A client at the edge.</summary>
    Edge,

    /// <summary>Another skill.</summary>
    Skill,

    /// <summary>The skill itself: a callback or a schedule.</summary>
    Self,
}
