using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers.Tunnel;

/// <summary>What a frame that is not data says.</summary>
internal abstract record TunnelMessage
{
    private TunnelMessage()
    {
    }

    /// <summary>The source begins. Both must be what it offered.</summary>
    internal sealed record Open(long Length, UInt128 Fingerprint) : TunnelMessage;

    /// <summary>The sink has this much on its disk from before, and this is its hash.</summary>
    internal sealed record Resume(long Offset, ContentHash Hash) : TunnelMessage;

    /// <summary>The source sends from here on: where the sink is, or the beginning.</summary>
    internal sealed record Agree(long Offset) : TunnelMessage;

    /// <summary>The sink has everything before this on its disk.</summary>
    internal sealed record Mark(long Offset) : TunnelMessage;

    /// <summary>The sender is there.</summary>
    internal sealed record Alive : TunnelMessage
    {
        public static Alive Instance { get; } = new();
    }

    /// <summary>Everything was sent. The last says whether the file was the same from its first to its last byte.</summary>
    internal sealed record Finish(long Length, ContentHash Hash, bool IsUnchanged) : TunnelMessage;

    /// <summary>The sink has the file.</summary>
    internal sealed record Done(long Length, ContentHash Hash) : TunnelMessage;

    /// <summary>It ends here.</summary>
    internal sealed record Abort(TransferFault Fault) : TunnelMessage;
}
