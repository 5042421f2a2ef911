namespace Luminarys.Cluster.Transfers;

/// <summary>How far a sink is.</summary>
internal enum SinkState
{
    /// <summary>It waits for the source to begin.</summary>
    Opening,

    /// <summary>It looks at what it has from before.</summary>
    Preparing,

    /// <summary>It waits for the source to agree where to begin.</summary>
    Resuming,

    /// <summary>It takes the file.</summary>
    Receiving,

    /// <summary>It compares what it wrote with what the source says.</summary>
    Verifying,

    /// <summary>It gives the file its name.</summary>
    Committing,

    /// <summary>It is over.</summary>
    Ended,
}
