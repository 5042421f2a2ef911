namespace Luminarys.Testing;

/// <summary>Which way a stalled connection carries nothing, while it seems to stand.</summary>
public enum StallDirection
{
    /// <summary>What the others send does not arrive at the node.</summary>
    IntoNode,

    /// <summary>What the node sends does not arrive at the others.</summary>
    OutOfNode,
}
