namespace Luminarys.Files.Transfers;

/// <summary>How far a file on its way in is. The numbers are those on the disk.</summary>
internal enum IncomingState : byte
{
    /// <summary>It comes.</summary>
    Receiving = 1,

    /// <summary>It is whole and about to get its name.</summary>
    Committing = 2,

    /// <summary>It has its name, for good.</summary>
    Committed = 3,
}
