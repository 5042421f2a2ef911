using System.Collections.Concurrent;
using Luminarys.Invocations;
using Luminarys.Ports;

namespace Luminarys.Cluster.Tests.Support;

/// <summary>What a hostile bus does with one message: nothing, or other messages before it, behind it or in its place.</summary>
internal delegate IEnumerable<BusPacket> Tamper(BusPacket packet);

/// <summary>A message as it is handed to the bus.</summary>
internal readonly record struct BusPacket(string Subject, string? ReplyTo, byte[] Bytes);

/// <summary>A bus between the node and the real one that does as it likes with what the node sends, and keeps all of it.</summary>
internal sealed class HostileBus(IBus inner, Func<Tamper> tamper, ConcurrentQueue<BusPacket> seen) : IBus
{
    public event Action<BusStatus>? StatusChanged
    {
        add => inner.StatusChanged += value;
        remove => inner.StatusChanged -= value;
    }

    public BusStatus Status => inner.Status;

    public int MaxPayload => inner.MaxPayload;

    public ValueTask<BusFault?> ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

    public async ValueTask<InvocationError> PublishAsync(string subject, string? replyTo, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var packet = new BusPacket(subject, replyTo, payload.ToArray());
        seen.Enqueue(packet);
        foreach (var (toSubject, toReply, bytes) in tamper()(packet).ToList())
        {
            await inner.PublishAsync(toSubject, toReply, bytes, cancellationToken);
        }

        return InvocationError.None;
    }

    public ValueTask<IAsyncDisposable> SubscribeAsync(string pattern, BusOverflow overflow, BusMessageHandler handler, CancellationToken cancellationToken) =>
        inner.SubscribeAsync(pattern, overflow, handler, cancellationToken);

    public ValueTask<bool> FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
