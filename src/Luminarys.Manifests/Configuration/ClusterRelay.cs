namespace Luminarys.Manifests.Configuration;

/// <summary>The byte relay that carries files between nodes. Its text form shows no secret.</summary>
public sealed record ClusterRelay
{
    /// <summary>TCP port of the relay.</summary>
    public int Port { get; init; } = 4223;

    /// <summary>Host that other nodes dial to reach an embedded relay; null derives it from the bus address.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>Address of a relay that runs on its own, <c>host:port</c>; null for none.</summary>
    public string? Url { get; init; }

    /// <summary>Whether this node runs the relay. A master does by default.</summary>
    public bool Embedded { get; init; }

    /// <summary>Secret shared with a relay that runs on its own; null derives it from the bus token.</summary>
    public string? Secret { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(ClusterRelay)} port {Port}";
}
