namespace Luminarys.Cluster.Signing;

/// <summary>What became of a message that should prove where it comes from.</summary>
internal enum SealVerdict
{
    /// <summary>It comes from whom it says, for the first time.</summary>
    Authentic,

    /// <summary>It comes from whom it says, but does not name this process as the master that it is meant for: nothing but an answer may come of it.</summary>
    Misaddressed,

    /// <summary>No proof.</summary>
    Unsigned,

    /// <summary>The node is not one of the trusted ones.</summary>
    Untrusted,

    /// <summary>The node is known by another key.</summary>
    Key,

    /// <summary>The proof is not one of these bytes.</summary>
    Signature,

    /// <summary>No keys are shared with this process.</summary>
    Session,

    /// <summary>The message came before.</summary>
    Replayed,
}
