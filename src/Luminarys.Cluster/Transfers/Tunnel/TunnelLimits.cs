using Luminarys.Transfers;

namespace Luminarys.Cluster.Transfers.Tunnel;

/// <summary>Fixed sizes of the tunnel, in bytes.</summary>
internal static class TunnelLimits
{
    /// <summary>Length prefix of a frame.</summary>
    public const int Prefix = sizeof(uint);

    /// <summary>Seal at the end of a frame.</summary>
    public const int Seal = 16;

    /// <summary>Most of the file in one frame.</summary>
    public const int Block = 1024 * 1024;

    /// <summary>How much of it is sent in one frame: what is hashed, sealed and written must still be in the processor's cache from the step before.</summary>
    public const int Part = 256 * 1024;

    /// <summary>What stands before the file's bytes in a frame of them: prefix, type, offset.</summary>
    public const int DataHead = Prefix + 1 + sizeof(ulong);

    /// <summary>Most bytes of a frame.</summary>
    public const int MaxFrame = DataHead + Block + Seal;

    /// <summary>Most bytes of a frame that holds no part of a file.</summary>
    public const int MaxSmallFrame = 256;

    /// <summary>Number of a direction in nonces and sums: it is that of the end that sends.</summary>
    public static uint NumberOf(TransferRole sender) => sender == TransferRole.Source ? 1u : 2u;
}
