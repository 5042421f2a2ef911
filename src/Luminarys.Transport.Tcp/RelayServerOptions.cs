using System.Net;

namespace Luminarys.Transport.Tcp;

/// <summary>How a relay listens and what it bears. Read once, when it starts.</summary>
public sealed class RelayServerOptions
{
    /// <summary>Address to listen on.</summary>
    public IPAddress ListenAddress { get; set; } = IPAddress.IPv6Any;

    /// <summary>Port to listen on; 0 for any free one.</summary>
    public int ListenPort { get; set; } = 4223;

    /// <summary>PEM file of the relay's certificate chain. With one, connections without TLS are refused.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file of the certificate's key.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Pairs at once.</summary>
    public int MaxPairs { get; set; } = 64;

    /// <summary>Connections at once that wait for their peer.</summary>
    public int MaxWaiting { get; set; } = 128;

    /// <summary>Connections at once of one node, waiting or paired.</summary>
    public int MaxPerNode { get; set; } = 8;

    /// <summary>Connections at once that have not proved themselves. A further one costs the oldest its place.</summary>
    public int MaxHandshakes { get; set; } = 256;

    /// <summary>Connections that one address may open each second.</summary>
    public int HandshakesPerSecond { get; set; } = 20;

    /// <summary>Connections that one address may open at once after a quiet time.</summary>
    public int HandshakeBurst { get; set; } = 40;

    /// <summary>Time from connecting to a valid hello, and from there to a valid proof.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time that a connection waits for its peer.</summary>
    public TimeSpan PairingTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time without a byte in either direction after which a pair ends.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes each second that all pairs together carry; 0 for no limit.</summary>
    public long MaxBytesPerSecond { get; set; }

    /// <summary>Bytes each second that all pairs of one node together carry; 0 for no limit.</summary>
    public long MaxBytesPerSecondPerNode { get; set; }
}
