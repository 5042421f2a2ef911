namespace Luminarys.Cluster.Transfers;

/// <summary>How far a source is.</summary>
internal enum SourceState
{
    /// <summary>It has not begun.</summary>
    New,

    /// <summary>It waits for what the sink has.</summary>
    Opening,

    /// <summary>It hashes what the sink says to have.</summary>
    Comparing,

    /// <summary>It sends.</summary>
    Sending,

    /// <summary>It waits for the sink's confirmation.</summary>
    Finishing,

    /// <summary>It is over.</summary>
    Ended,
}
