using System.Collections.Concurrent;
using Luminarys.Invocations;
using Luminarys.Ports;

namespace Luminarys.Cluster.Tests.Support;

/// <summary>A bus that nobody else is on: it notes what is sent, and keeps the sender waiting while its gate is closed.</summary>
internal sealed class GatedBus : IBus
{
    public event Action<BusStatus>? StatusChanged
    {
        add { }
        remove { }
    }

    public BusStatus Status { get; set; } = BusStatus.Up;

    public int MaxPayload => 1 << 20;

    public ConcurrentQueue<string> Subjects { get; } = new();

    /// <summary>What was sent last.</summary>
    public byte[] LastPayload { get; private set; } = [];

    /// <summary>What sending gives, once it is set.</summary>
    public TaskCompletionSource<InvocationError> Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<BusFault?> ConnectAsync(CancellationToken cancellationToken) => new((BusFault?)null);

    public ValueTask<InvocationError> PublishAsync(
        string subject, string? replyTo, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        Subjects.Enqueue(subject);
        LastPayload = payload.ToArray();
        return new(Gate.Task);
    }

    public ValueTask<IAsyncDisposable> SubscribeAsync(
        string pattern, BusOverflow overflow, BusMessageHandler handler, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> FlushAsync(CancellationToken cancellationToken) => new(true);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
