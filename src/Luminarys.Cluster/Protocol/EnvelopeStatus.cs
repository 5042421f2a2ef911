namespace Luminarys.Cluster.Protocol;

/// <summary>What became of bytes that should be an envelope.</summary>
internal enum EnvelopeStatus
{
    /// <summary>It is one.</summary>
    Accepted,

    /// <summary>It is none.</summary>
    Malformed,

    /// <summary>It is one of another protocol major.</summary>
    VersionUnsupported,
}
