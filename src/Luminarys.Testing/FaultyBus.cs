using Luminarys.Cluster.Loopback;
using Luminarys.Invocations;
using Luminarys.Ports;

namespace Luminarys.Testing;

/// <summary>A connection of one node that loses messages, holds them back or is cut, as its cluster says. Thread-safe.</summary>
internal sealed class FaultyBus(LoopbackHub hub, FaultSettings faults, int connection) : IBus
{
    private readonly LoopbackBus _bus = new(hub);
    private readonly Lock _gate = new();
    private ulong _dice = unchecked(((ulong)(uint)faults.Seed << 32) | (uint)connection);
    private readonly Valve _out = new();
    private readonly List<Valve> _in = [];
    private bool _isInStalled;

    public event Action<BusStatus>? StatusChanged
    {
        add => _bus.StatusChanged += value;
        remove => _bus.StatusChanged -= value;
    }

    public BusStatus Status => _bus.Status;

    public int MaxPayload => _bus.MaxPayload;

    /// <summary>Cuts the connection, so that the node notices, or lets it stand again.</summary>
    public void SetCut(bool isCut)
    {
        if (isCut)
        {
            LoopbackHub.Disconnect(_bus);
        }
        else
        {
            LoopbackHub.Reconnect(_bus);
        }
    }

    /// <summary>Holds back what goes in one direction, without a sign of it; or lets it go, in order.</summary>
    public void SetStalled(StallDirection direction, bool isStalled)
    {
        if (direction == StallDirection.OutOfNode)
        {
            _out.Set(isStalled);
            return;
        }

        lock (_gate)
        {
            _isInStalled = isStalled;
            _in.ForEach(subscription => subscription.Set(isStalled));
        }
    }

    public ValueTask<BusFault?> ConnectAsync(CancellationToken cancellationToken) => _bus.ConnectAsync(cancellationToken);

    public ValueTask<InvocationError> PublishAsync(string subject, string? replyTo, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        // What a connection refuses it refuses at once; what it takes may still be lost on its way, or late.
        var isTaken = _bus.Status == BusStatus.Up && payload.Length <= MaxPayload;
        if (isTaken && (IsLost() || _out.TryHold(() => Later(subject, replyTo, payload.ToArray()))))
        {
            return new(InvocationError.None);
        }

        return _bus.PublishAsync(subject, replyTo, payload, cancellationToken);
    }

    public ValueTask<IAsyncDisposable> SubscribeAsync(
        string pattern, BusOverflow overflow, BusMessageHandler handler, CancellationToken cancellationToken)
    {
        var valve = new Valve();
        lock (_gate)
        {
            valve.Set(_isInStalled);
            _in.Add(valve);
        }

        return _bus.SubscribeAsync(pattern, overflow, Handle, cancellationToken);

        void Handle(in BusMessage message)
        {
            var copy = message;
            if (!valve.TryHold(() => Later(pattern, handler, copy with { Payload = copy.Payload.ToArray() })))
            {
                handler(message);
            }
        }
    }

    public ValueTask<bool> FlushAsync(CancellationToken cancellationToken) => _bus.FlushAsync(cancellationToken);

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    private Action Later(string subject, string? replyTo, byte[] payload) =>
        () => _ = _bus.PublishAsync(subject, replyTo, payload, CancellationToken.None).AsTask();

    private Action Later(string pattern, BusMessageHandler handler, BusMessage message) => () =>
    {
        try
        {
            handler(message);
        }
#pragma warning disable CA1031 // As on the loopback bus itself: a handler's defect must not end the process; it is logged as what it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _bus.HandlerFailed(pattern, exception);
        }
    };

    private bool IsLost()
    {
        if (faults.Loss == 0)
        {
            return false;
        }

        // SplitMix64: the same seed loses the same messages.
        var dice = unchecked(Interlocked.Add(ref _dice, 0x9E37_79B9_7F4A_7C15));
        dice = unchecked((dice ^ (dice >> 30)) * 0xBF58_476D_1CE4_E5B9);
        dice = unchecked((dice ^ (dice >> 27)) * 0x94D0_49BB_1331_11EB);
        return ((dice ^ (dice >> 31)) >> 11) * (1.0 / (1UL << 53)) < faults.Loss;
    }
}
