namespace Luminarys.Manifests.Configuration;

/// <summary>What a finished write promises (<c>fs.durability</c>).</summary>
public enum FileDurability
{
    /// <summary>It outlives a power failure.</summary>
    Full,

    /// <summary>It outlives the process; the flush is left to the system.</summary>
    Fast,
}
