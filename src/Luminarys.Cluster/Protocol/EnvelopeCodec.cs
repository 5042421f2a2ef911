using System.Buffers;
using Luminarys.Invocations;
using Luminarys.Nodes;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>Envelopes to bytes and back. Never throws on bytes from outside.</summary>
internal static class EnvelopeCodec
{
    /// <summary>Writes an envelope around a body; <see cref="Envelope.Body"/> is not looked at.</summary>
    /// <param name="buffer">Takes the bytes.</param>
    /// <param name="envelope">The envelope.</param>
    /// <param name="body">The body.</param>
    /// <param name="more">Fields that are written behind it with <see cref="WriteField"/>.</param>
    public static void Write<T>(IBufferWriter<byte> buffer, Envelope envelope, T body, int more = 0)
        where T : IWireBody<T>
    {
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(11 + more + (envelope.Clock is null ? 0 : 1) + (envelope.ToInstance is null ? 0 : 1));
        writer.WriteString("v"u8);
        writer.Write(ProtocolLimits.Version);
        writer.WriteString("t"u8);
        writer.Write(envelope.Type);
        writer.WriteString("cid"u8);
        writer.Write(envelope.Cluster.Value);
        writer.WriteString("src"u8);
        writer.Write(envelope.Source.Value);
        writer.WriteString("inc"u8);
        writer.Write(envelope.Incarnation);
        writer.WriteString("inst"u8);
        Wire.WriteInstance(ref writer, envelope.Instance);
        writer.WriteString("ep"u8);
        writer.Write(envelope.Epoch);
        writer.WriteString("seq"u8);
        writer.Write(envelope.Sequence);
        writer.WriteString("id"u8);
        Wire.WriteId(ref writer, envelope.Id);
        writer.WriteString("ttl_ms"u8);
        writer.Write(envelope.TtlMs);
        if (envelope.Clock is { } clock)
        {
            writer.WriteString("clk"u8);
            writer.WriteMapHeader(2);
            writer.WriteString("t0"u8);
            writer.Write(clock.T0);
            writer.WriteString("age_ms"u8);
            writer.Write(clock.AgeMs);
        }

        if (envelope.ToInstance is { } instance)
        {
            writer.WriteString("to_inst"u8);
            Wire.WriteInstance(ref writer, instance);
        }

        writer.WriteString("b"u8);
        body.Write(ref writer);
        writer.Flush();
    }

    /// <summary>How many fields the proof of a message has.</summary>
    public static int CountOf(bool isSigned) => isSigned ? 3 : 1;

    /// <summary>Writes a field of bytes behind an envelope.</summary>
    public static void WriteField(IBufferWriter<byte> buffer, string key, ReadOnlySpan<byte> value)
    {
        var writer = new MessagePackWriter(buffer);
        writer.Write(key);
        writer.Write(value);
        writer.Flush();
    }

    /// <summary>Reads an envelope; the body stays encoded.</summary>
    public static EnvelopeStatus TryRead(ReadOnlyMemory<byte> bytes, out Envelope envelope)
    {
        envelope = null!;
        if (!WireGuard.Accepts(bytes.Span))
        {
            return EnvelopeStatus.Malformed;
        }

        try
        {
            var reader = new MessagePackReader(bytes);
            return Read(ref reader, bytes, ref envelope);
        }
        catch (Exception exception) when (Wire.IsMalformed(exception))
        {
            return EnvelopeStatus.Malformed;
        }
    }

    private static EnvelopeStatus Read(ref MessagePackReader reader, ReadOnlyMemory<byte> bytes, ref Envelope envelope)
    {
        var version = 0L;
        var draft = new EnvelopeDraft();
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            var at = (int)reader.Consumed;
            switch (Wire.Key(ref reader))
            {
                case "v": version = reader.ReadInt64(); break;
                case "t": draft.Type = Wire.Name(ref reader); break;
                case "cid": draft.Cluster = ClusterId.TryParse(Wire.Name(ref reader), out var cluster) ? cluster : throw Wire.Invalid("cid"); break;
                case "src": draft.Source = Wire.Node(ref reader); break;
                case "inc": draft.Incarnation = reader.ReadUInt64(); break;
                case "inst": draft.Instance = Wire.Instance(ref reader); break;
                case "ep": draft.Epoch = reader.ReadUInt64(); break;
                case "seq": draft.Sequence = reader.ReadUInt64(); break;
                case "id": draft.Id = Wire.Id(ref reader); break;
                case "ttl_ms": draft.TtlMs = reader.ReadUInt32(); break;
                case "clk": draft.Clock = Clock(ref reader); break;
                case "to_inst": draft.ToInstance = Wire.Instance(ref reader); break;
                case "b":
                    var start = (int)reader.Consumed;
                    reader.Skip();
                    draft.Body = bytes[start..(int)reader.Consumed];
                    break;
                case EnvelopeSeal.KeyField: draft.Sealed.Key = Bytes(ref reader, bytes, EnvelopeSeal.PointSize); break;
                case EnvelopeSeal.SessionField: draft.Sealed.Session = Bytes(ref reader, bytes, EnvelopeSeal.PointSize); break;
                case EnvelopeSeal.SignatureField:
                    draft.Sealed.Signature = Bytes(ref reader, bytes, EnvelopeSeal.SignatureSize);
                    (draft.Sealed.Covered, draft.Sealed.End) = (at, (int)reader.Consumed);
                    break;
                case EnvelopeSeal.CodeField:
                    draft.Sealed.Code = Bytes(ref reader, bytes, EnvelopeSeal.CodeSize);
                    (draft.Sealed.Covered, draft.Sealed.End) = (at, (int)reader.Consumed);
                    break;
                default: reader.Skip(); break;
            }
        }

        if (!draft.TryComplete(out envelope))
        {
            return EnvelopeStatus.Malformed;
        }

        return version == ProtocolLimits.Version ? EnvelopeStatus.Accepted : EnvelopeStatus.VersionUnsupported;
    }

    // A part of the message itself: nothing is copied.
    private static ReadOnlyMemory<byte> Bytes(ref MessagePackReader reader, ReadOnlyMemory<byte> bytes, int size)
    {
        if (reader.ReadBytes() is not { } value || value.Length != size)
        {
            throw Wire.Invalid("proof");
        }

        var end = (int)reader.Consumed;
        return bytes[(end - size)..end];
    }

    private static ClockEcho Clock(ref MessagePackReader reader)
    {
        var (t0, age) = (0L, 0L);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "t0": t0 = reader.ReadInt64(); break;
                case "age_ms": age = reader.ReadInt64(); break;
                default: reader.Skip(); break;
            }
        }

        return new(t0, age);
    }

    /// <summary>Fields as they are found; an envelope without one that every message has is malformed.</summary>
    private struct EnvelopeDraft
    {
        public string? Type;
        public ClusterId? Cluster;
        public NodeId? Source;
        public ulong? Incarnation;
        public InstanceId? Instance;
        public ulong? Epoch;
        public ulong? Sequence;
        public CallId? Id;
        public uint? TtlMs;
        public ClockEcho? Clock;
        public InstanceId? ToInstance;
        public ReadOnlyMemory<byte> Body;
        private EnvelopeSeal? _seal;

        public EnvelopeSeal Sealed => _seal ??= new();

        public readonly bool TryComplete(out Envelope envelope)
        {
            envelope = null!;
            if (Type is null || Cluster is null || Source is null || Incarnation is null || Instance is null
                || Epoch is null || Sequence is null || Id is null || TtlMs is null || Body.IsEmpty)
            {
                return false;
            }

            envelope = new()
            {
                Type = Type,
                Cluster = Cluster.Value,
                Source = Source.Value,
                Incarnation = Incarnation.Value,
                Instance = Instance.Value,
                Epoch = Epoch.Value,
                Sequence = Sequence.Value,
                Id = Id.Value,
                TtlMs = TtlMs.Value,
                Clock = Clock,
                ToInstance = ToInstance,
                Seal = _seal,
                Body = Body,
            };
            return true;
        }
    }
}
