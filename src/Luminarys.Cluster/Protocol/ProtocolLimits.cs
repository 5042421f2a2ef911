namespace Luminarys.Cluster.Protocol;

/// <summary>Fixed numbers of the protocol.</summary>
internal static class ProtocolLimits
{
    /// <summary>Protocol major that this version speaks.</summary>
    public const int Version = 1;

    /// <summary>Largest arguments or result that travel inside one message, in bytes.</summary>
    public const int InlinePayload = 256 * 1024;

    /// <summary>Largest arguments or result that pass between nodes, in bytes.</summary>
    public const int MaxPayload = 16 * 1024 * 1024;

    /// <summary>Largest page of a skill list or registry copy, in bytes.</summary>
    public const int PageSize = 256 * 1024;

    /// <summary>Largest encoded skill, in bytes: one must fit into a message of its own on a server with the usual limit of 1 MiB.</summary>
    public const int MaxSkill = 512 * 1024;

    /// <summary>Room that an envelope and the fixed fields of a body may need beside a payload or page, in bytes.</summary>
    public const int EnvelopeRoom = 8 * 1024;

    /// <summary>Greatest step of an incarnation or epoch that is believed.</summary>
    public const ulong MaxJump = 1UL << 32;

    /// <summary>Greatest first incarnation that is believed: leaves room to count on.</summary>
    public const ulong MaxFirstNumber = 1UL << 56;

    /// <summary>Longest topic of an event or name of a value, in UTF-16 units.</summary>
    public const int MaxName = 1024;

    /// <summary>How long a message of the control lane is worth acting on, in milliseconds.</summary>
    public const uint ControlTtlMs = 15_000;
}
