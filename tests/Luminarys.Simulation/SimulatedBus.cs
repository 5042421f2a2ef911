using Luminarys.Invocations;
using Luminarys.Ports;

namespace Luminarys.Simulation;

/// <summary>One connection of a process: hands over to the network at once, so that no continuation leaves the thread.</summary>
internal sealed class SimulatedBus(SimulatedNetwork network, SimulatedProcess owner) : IBus
{
    event Action<BusStatus>? IBus.StatusChanged
    {
        add { }
        remove { }
    }

    public BusStatus Status => network.IsUp ? BusStatus.Up : BusStatus.Down;

    public int MaxPayload => 1024 * 1024;

    /// <summary>When the last message of this connection reaches each receiver: a connection keeps its order.</summary>
    public Dictionary<SimulatedProcess, TimeSpan> LastArrivals { get; } = [];

    public ValueTask<BusFault?> ConnectAsync(CancellationToken cancellationToken) => new((BusFault?)null);

    public ValueTask<InvocationError> PublishAsync(
        string subject, string? replyTo, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        new(network.Send(owner, this, subject, replyTo, payload.ToArray()));

    public ValueTask<IAsyncDisposable> SubscribeAsync(
        string pattern, BusOverflow overflow, BusMessageHandler handler, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The network knows who listens to what.");

    public ValueTask<bool> FlushAsync(CancellationToken cancellationToken) => new(network.IsUp);

    public ValueTask DisposeAsync() => default;
}
