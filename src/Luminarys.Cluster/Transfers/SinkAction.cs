using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers;

/// <summary>What a sink wants done, in this order.</summary>
internal abstract record SinkAction
{
    private SinkAction()
    {
    }

    /// <summary>Say something.</summary>
    internal sealed record Say(TunnelMessage Message) : SinkAction;

    /// <summary>Find what is on the disk of this file, hash it, and tell.</summary>
    internal sealed record Prepare : SinkAction;

    /// <summary>Throw away what is there, and the hash of it: the file comes from its beginning.</summary>
    internal sealed record Restart : SinkAction;

    /// <summary>Bring everything before this to the disk, note that it is there, and tell.</summary>
    internal sealed record Flush(long Offset) : SinkAction;

    /// <summary>Tell the hash of everything that was written.</summary>
    internal sealed record Verify : SinkAction;

    /// <summary>Give the file its name, for good, and tell.</summary>
    internal sealed record Commit : SinkAction;

    /// <summary>The attempt is over.</summary>
    /// <param name="Outcome">How.</param>
    /// <param name="IsUseless">Whether what was written is of no use to another attempt.</param>
    internal sealed record End(AttemptEnd Outcome, bool IsUseless) : SinkAction;
}
