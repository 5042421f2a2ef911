namespace Luminarys.Manifests.Configuration;

/// <summary>How a standby master learns that it must serve (<c>cluster.ha</c>).</summary>
public enum StandbyMode
{
    /// <summary>There is one master.</summary>
    None,

    /// <summary>A lease in the key-value store of the NATS server.</summary>
    NatsKeyValue,
}
