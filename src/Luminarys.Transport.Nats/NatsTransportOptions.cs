namespace Luminarys.Transport.Nats;

/// <summary>Where the NATS server is and how to sign in. Read once, when the bus is made.</summary>
public sealed class NatsTransportOptions
{
    /// <summary>
    /// One or more servers of one NATS cluster, separated by commas: <c>host</c>, <c>host:port</c>, <c>nats://host:port</c> or
    /// <c>tls://host:port</c>. A user and password, or a token, in front of an <c>@</c> is used when no other credential is set.
    /// </summary>
    public string Url { get; set; } = "nats://127.0.0.1:4222";

    /// <summary>Token to sign in with; null for none.</summary>
    public string? Token { get; set; }

    /// <summary>User to sign in with; null for none.</summary>
    public string? User { get; set; }

    /// <summary>Password of <see cref="User"/>.</summary>
    public string? Password { get; set; }

    /// <summary>Whether only an encrypted connection is made. Then a server without TLS is refused, never used in clear.</summary>
    public bool TlsEnabled { get; set; }

    /// <summary>PEM file with the certificate authorities to trust, these and no others; null to trust those of the system.</summary>
    public string? CaFile { get; set; }

    /// <summary>PEM file with this node's certificate; null for none.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file with the private key of <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Name that the server's operator sees in its list of connections; the lane is added to it.</summary>
    public string Name { get; set; } = "luminarys";

    /// <summary>First tokens of the client's own reply subjects, such as <c>_INBOX.cluster.node</c>.</summary>
    public string InboxPrefix { get; set; } = "_INBOX";

    /// <summary>How long the first connection is tried while the server cannot be reached; at least 100 ms.</summary>
    public TimeSpan FirstConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Messages that may wait on one subscription before its overflow policy takes effect; 1 to 1,000,000.</summary>
    public int QueueLength { get; set; } = 8192;
}
