namespace Luminarys.Cluster.Master;

/// <summary>What a call table wants done.</summary>
internal enum CallActionKind
{
    /// <summary>The call left the table: it has its answer.</summary>
    End,

    /// <summary>Ask whether the node's process lives, and tell.</summary>
    Probe,

    /// <summary>Ask the node what became of the call. It answers with a frame.</summary>
    Query,
}
