namespace Luminarys.Cluster.Transfers;

/// <summary>Defences of the two ends of a transfer. A test turns one off to see that the simulator notices.</summary>
internal sealed record TransferDefences
{
    /// <summary>Everything on.</summary>
    public static TransferDefences All { get; } = new();

    /// <summary>The source keeps at most a window ahead of the sink's disk.</summary>
    public bool Window { get; init; } = true;

    /// <summary>The source compares what the sink has with its own file before it goes on from there.</summary>
    public bool PrefixHash { get; init; } = true;

    /// <summary>The sink gives a name only to a file whose hash is that of the source.</summary>
    public bool WholeHash { get; init; } = true;

    /// <summary>The sink refuses a file that changed while it was read.</summary>
    public bool UnchangedSource { get; init; } = true;

    /// <summary>The sink says that a part is on its disk when it is.</summary>
    public bool MarkAfterFlush { get; init; } = true;

    /// <summary>The sink says that it has the file when the file has its name.</summary>
    public bool DoneAfterCommit { get; init; } = true;
}
