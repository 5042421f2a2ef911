using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers;

/// <summary>What a source wants done, in this order.</summary>
internal abstract record SourceAction
{
    private SourceAction()
    {
    }

    /// <summary>Say something.</summary>
    internal sealed record Say(TunnelMessage Message) : SourceAction;

    /// <summary>Hash the file up to here, and tell.</summary>
    internal sealed record HashPrefix(long Length) : SourceAction;

    /// <summary>Send the file from here to its end, then tell what it was.</summary>
    /// <param name="Offset">Where to begin.</param>
    /// <param name="KeepsHash">Whether the hash of everything before is there from <see cref="HashPrefix"/>; else it begins anew.</param>
    internal sealed record SendFrom(long Offset, bool KeepsHash) : SourceAction;

    /// <summary>The attempt is over.</summary>
    internal sealed record End(AttemptEnd Outcome) : SourceAction;
}
