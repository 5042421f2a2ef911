using Luminarys.Ports;

namespace Luminarys.Contracts;

/// <summary>What a bus suite needs from the server behind an adapter.</summary>
public abstract class BusServer : IAsyncDisposable
{
    /// <summary>A new bus that is not connected yet. Its first connection is given up after half a second.</summary>
    /// <param name="queueLength">Messages that may wait on one subscription.</param>
    public abstract IBus CreateBus(int queueLength);

    /// <summary>Ends every connection and takes no new one.</summary>
    public abstract ValueTask StopAsync();

    /// <summary>Takes connections again, where it took them before.</summary>
    public abstract ValueTask StartAsync();

    public abstract ValueTask DisposeAsync();
}
