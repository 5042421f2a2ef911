namespace Luminarys.Transfers;

/// <summary>Why a transfer did not end well. A closed list: the numbers travel between nodes and never change.</summary>
public enum TransferFault
{
    /// <summary>It did.</summary>
    None = 0,

    /// <summary>The skill or the command that asked for it gave up.</summary>
    Cancelled = 1,

    /// <summary>A permission of the node that has the file, or of the one that shall get it, is missing.</summary>
    Denied = 2,

    /// <summary>There is no such file.</summary>
    NotFound = 3,

    /// <summary>It is a directory or something else that is no regular file.</summary>
    NotRegular = 4,

    /// <summary>The file is larger than the receiver or the master allows.</summary>
    TooLarge = 5,

    /// <summary>The receiver's disk has no room.</summary>
    NoSpace = 6,

    /// <summary>There is a file of this name, and it must stay.</summary>
    Exists = 7,

    /// <summary>The file changed while it was read.</summary>
    SourceChanged = 8,

    /// <summary>What arrived is not what was sent.</summary>
    Corrupt = 9,

    /// <summary>The directory that was to hold the file has gone, or is no longer allowed.</summary>
    DestinationGone = 10,

    /// <summary>The disk of one side failed.</summary>
    StorageFailed = 11,

    /// <summary>The other side broke the protocol, or is of a version that does.</summary>
    Protocol = 12,

    /// <summary>The other side fell silent, or its connection broke.</summary>
    PeerLost = 13,

    /// <summary>A node has as many transfers as it may.</summary>
    Busy = 14,

    /// <summary>A node is stopping; the transfer can be resumed when it is back.</summary>
    Draining = 15,

    /// <summary>No relay answered, and the bus did not carry it either.</summary>
    NoCarrier = 16,

    /// <summary>No live node has this id.</summary>
    NoSuchNode = 17,

    /// <summary>Everything was sent, and the receiver never said whether it has it.</summary>
    OutcomeUnknown = 18,

    /// <summary>The receiver asks for encryption and the sender does not, or the other way round.</summary>
    EncryptionMismatch = 19,
}
