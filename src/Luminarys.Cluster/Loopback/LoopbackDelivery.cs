using System.Buffers;
using Luminarys.Ports;

namespace Luminarys.Cluster.Loopback;

/// <summary>One message on its way to one subscription, with a payload of its own that goes back to the pool after the handler.</summary>
internal readonly struct LoopbackDelivery
{
    private readonly string _subject;
    private readonly string? _replyTo;
    private readonly BusMessageKind _kind;
    private readonly byte[] _payload;
    private readonly int _length;

    public LoopbackDelivery(string subject, string? replyTo, ReadOnlySpan<byte> payload, BusMessageKind kind)
        : this(subject, replyTo, kind, payload.Length == 0 ? [] : ArrayPool<byte>.Shared.Rent(payload.Length), payload.Length) =>
        payload.CopyTo(_payload);

    private LoopbackDelivery(string subject, string? replyTo, BusMessageKind kind, byte[] payload, int length) =>
        (_subject, _replyTo, _kind, _payload, _length) = (subject, replyTo, kind, payload, length);

    public BusMessage Message => new(_subject, _replyTo, _payload.AsMemory(0, _length), _kind);

    public LoopbackDelivery As(BusMessageKind kind) => new(_subject, _replyTo, kind, _payload, _length);

    public void Release()
    {
        if (_payload.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_payload);
        }
    }
}
