namespace Luminarys.Cluster.Master;

/// <summary>How far a remote call has come. A call that ended is not in the table any more.</summary>
internal enum CallState
{
    /// <summary>Not handed to the bus yet.</summary>
    New,

    /// <summary>Handed to the bus; nobody knows whether it began.</summary>
    Sent,

    /// <summary>The node said that it has it.</summary>
    Running,
}
