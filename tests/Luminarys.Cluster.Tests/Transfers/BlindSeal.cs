using Luminarys.Cluster.Transfers.Tunnel;

namespace Luminarys.Cluster.Tests.Transfers;

/// <summary>Seals nothing and takes everything: what is altered is left for those to find who come after it.</summary>
internal sealed class BlindSeal : TunnelSeal
{
    public override bool NeedsHashSoFar => false;

    public override bool Confirms(TunnelFrame frame) => true;

    protected override void Close(Span<byte> frame, ReadOnlySpan<byte> hashSoFar, ulong number) => frame[^TunnelLimits.Seal..].Clear();

    protected override bool TryOpen(Span<byte> frame, ulong number) => true;
}
