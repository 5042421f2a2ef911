namespace Luminarys.Manifests.Configuration;

/// <summary>Where the HTTP server listens.</summary>
/// <param name="Host">Host name or IP address without brackets; empty for every interface.</param>
/// <param name="Port">TCP port; 0 lets the system choose.</param>
public sealed record ListenAddress(string Host, int Port)
{
    /// <summary><c>host:port</c>, with brackets around an IPv6 address.</summary>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
