namespace Luminarys.Transfers;

/// <summary>Side of a transfer.</summary>
public enum TransferRole
{
    /// <summary>Reads the file.</summary>
    Source,

    /// <summary>Writes the file.</summary>
    Sink,
}
