namespace Luminarys.Cluster.Protocol;

/// <summary>What a node says about a call.</summary>
internal enum CallFrameKind
{
    /// <summary>It was taken and goes on.</summary>
    Ack,

    /// <summary>It was not taken and certainly did not begin.</summary>
    Reject,

    /// <summary>It still runs.</summary>
    Progress,

    /// <summary>It ended with a result.</summary>
    Result,

    /// <summary>It ended with an error.</summary>
    Error,
}
