namespace Luminarys.Cluster.Protocol;

/// <summary>Why a master sends its beacon.</summary>
internal enum BeaconKind
{
    /// <summary>It starts and asks who remembers a higher epoch. It does not serve yet.</summary>
    Probe,

    /// <summary>It took office.</summary>
    Online,

    /// <summary>It lives.</summary>
    Alive,

    /// <summary>It stops.</summary>
    Leaving,
}
