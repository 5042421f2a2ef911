namespace Luminarys.Cluster.Slave;

/// <summary>Where a slave stands with its master.</summary>
internal enum SessionState
{
    /// <summary>The bus is down.</summary>
    Disconnected,

    /// <summary>Looks for a master.</summary>
    Hello,

    /// <summary>Was let in; its skill list is on its way.</summary>
    Syncing,

    /// <summary>Registered and confirmed.</summary>
    Serving,

    /// <summary>Was registered, but has no confirmation any more. Takes no new calls and looks for a master.</summary>
    Orphaned,

    /// <summary>Finishes what it has.</summary>
    Draining,

    /// <summary>Must not go on.</summary>
    Stopped,
}
