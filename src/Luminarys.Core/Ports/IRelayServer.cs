using System.Net;

namespace Luminarys.Ports;

/// <summary>A relay that this process runs: it pairs two holders of matching tickets and copies bytes between them. Thread-safe.</summary>
public interface IRelayServer : IAsyncDisposable
{
    /// <summary>Where it listens; null before it has started.</summary>
    IPEndPoint? EndPoint { get; }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="IOException">The address cannot be listened on, or a certificate cannot be read.</exception>
    ValueTask StartAsync(CancellationToken cancellationToken);

    /// <summary>Takes no new connection and lets pairs go on until the token is cancelled; then they are cut.</summary>
    ValueTask DrainAsync(CancellationToken cancellationToken);
}
