namespace Luminarys.Manifests.Configuration;

/// <summary>Encryption of the bus (<c>cluster.tls</c>). Paths are absolute, the files PEM.</summary>
public sealed record ClusterTls
{
    /// <summary>Whether the bus connection is encrypted.</summary>
    public bool Enabled { get; init; }

    /// <summary>Certificates that sign the server's; null trusts those of the system.</summary>
    public string? CaFile { get; init; }

    /// <summary>Certificate of this node; set only together with <see cref="KeyFile"/>.</summary>
    public string? CertFile { get; init; }

    /// <summary>Private key of this node's certificate.</summary>
    public string? KeyFile { get; init; }
}
