namespace Luminarys.Events;

/// <summary>Why a skill that a node offers is not called under its plain name.</summary>
public enum SkillRefusal
{
    /// <summary>The node may not offer a skill of this id (<c>cluster.accept</c>).</summary>
    NotAccepted,

    /// <summary>Its package is not signed with a key that the master knows (<c>cluster.require_known_keys</c>).</summary>
    UnknownSigner,

    /// <summary>Another node owns the id, and one is all there may be (<c>cluster.duplicates: error</c>).</summary>
    Duplicate,

    /// <summary>Another node owns the id with another package. The skill stays a replica that never takes over from a living owner.</summary>
    OtherPackage,
}
