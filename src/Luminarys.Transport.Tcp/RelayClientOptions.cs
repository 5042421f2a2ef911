namespace Luminarys.Transport.Tcp;

/// <summary>How a node dials a relay. Read once, at the first use.</summary>
public sealed class RelayClientOptions
{
    /// <summary>Whether every relay must speak TLS. One whose address begins with <c>tls://</c> must in any case; it is never negotiated away.</summary>
    public bool TlsEnabled { get; set; }

    /// <summary>PEM file of the authorities that may vouch for the relay; null for those of the system.</summary>
    public string? CaFile { get; set; }

    /// <summary>Time to connect and to prove the ticket.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(3);
}
