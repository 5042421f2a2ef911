namespace Luminarys.Cluster.Protocol;

/// <summary>What proves where a message comes from: a signature with the sender's key, or a code made with a key that only the two processes share.</summary>
internal sealed class EnvelopeSeal
{
    /// <summary>Uncompressed point of a key on P-256.</summary>
    public const int PointSize = 65;

    public const int SignatureSize = 64;

    public const int CodeSize = 32;

    /// <summary>Field names, in the order in which they stand at the end of the envelope.</summary>
    public const string KeyField = "kid";
    public const string SessionField = "eph";
    public const string SignatureField = "sig";
    public const string CodeField = "mac";

    /// <summary>The sender's public key; empty beside a code.</summary>
    public ReadOnlyMemory<byte> Key { get; set; }

    /// <summary>Public half of the sending process's key for agreeing on shared ones; empty beside a code.</summary>
    public ReadOnlyMemory<byte> Session { get; set; }

    /// <summary>Signature, or empty.</summary>
    public ReadOnlyMemory<byte> Signature { get; set; }

    /// <summary>Code, or empty.</summary>
    public ReadOnlyMemory<byte> Code { get; set; }

    /// <summary>How many bytes of the message, from its first one, the proof covers: all before the field of the proof.</summary>
    public int Covered { get; set; }

    /// <summary>Where the field of the proof ends: nothing may stand behind it.</summary>
    public int End { get; set; }
}
