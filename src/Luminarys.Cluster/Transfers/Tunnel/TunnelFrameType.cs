namespace Luminarys.Cluster.Transfers.Tunnel;

/// <summary>What two ends of a transfer say to each other. The numbers are those on the wire.</summary>
internal enum TunnelFrameType : byte
{
    /// <summary>Source: size and fingerprint of the file.</summary>
    Open = 1,

    /// <summary>Sink: how much of it is there already, and its hash.</summary>
    Resume = 2,

    /// <summary>Source: where it begins to send.</summary>
    Agree = 3,

    /// <summary>Source: a part of the file.</summary>
    Data = 4,

    /// <summary>Sink: how much is on the disk.</summary>
    Mark = 5,

    /// <summary>Either: nothing to say.</summary>
    Alive = 6,

    /// <summary>Source: the file ends here.</summary>
    Finish = 7,

    /// <summary>Sink: it has the file, under its name and on the disk.</summary>
    Done = 8,

    /// <summary>Either: it ends without the file.</summary>
    Abort = 9,
}
