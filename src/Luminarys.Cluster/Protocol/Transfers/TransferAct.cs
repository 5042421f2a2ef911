namespace Luminarys.Cluster.Protocol.Transfers;

/// <summary>What a transfer message asks for.</summary>
internal enum TransferAct
{
    /// <summary>Whoever wants a file copied asks the master.</summary>
    Start,

    /// <summary>The master asks the node that has the file.</summary>
    Send,

    /// <summary>That node offers the file: to the master, who passes it on to the node that shall get it.</summary>
    Offer,

    /// <summary>That node tells how far it is: to the master, who passes it on to whoever wanted the copy.</summary>
    Report,

    /// <summary>Somebody asks how far it is.</summary>
    Status,

    /// <summary>Whoever wanted it gives it up.</summary>
    Cancel,

    /// <summary>An operator asks for every transfer that the master knows.</summary>
    List,
}
