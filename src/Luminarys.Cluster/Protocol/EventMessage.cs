using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.Skills;
using MessagePack;

namespace Luminarys.Cluster.Protocol;

/// <summary>What a skill told everybody, on its way to the master and from there to the other nodes.</summary>
/// <param name="Event">The event.</param>
internal sealed record EventMessage(SkillEvent Event) : IWireBody<EventMessage>
{
    /// <summary>About the bytes that the event takes wherever it waits.</summary>
    public int Size => Event.Payload.Length + (3 * Event.Topic.Length) + 256;

    /// <summary>Whether nodes take an event of this size, and the bus does.</summary>
    public bool Fits(int maxPayload) =>
        Event.Payload.Length <= Math.Min(ProtocolLimits.InlinePayload, maxPayload - ProtocolLimits.EnvelopeRoom)
        && Event.Topic.Length is > 0 and <= ProtocolLimits.MaxName;

    public static EventMessage Read(ref MessagePackReader reader)
    {
        var (topic, payload, skill, root, trace, depth) = ("", ReadOnlyMemory<byte>.Empty, default(SkillId), default(CallId), "", 0);
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (Wire.Key(ref reader))
            {
                case "topic": topic = Wire.Text(ref reader); break;
                case "skill": skill = SkillId.TryParse(reader.ReadString(), out var id) ? id : throw Wire.Invalid("skill"); break;
                case "root": root = CallId.TryParse(Wire.Text(ref reader), out var call) ? call : throw Wire.Invalid("root"); break;
                case "trace": trace = Wire.Text(ref reader); break;
                case "depth": depth = reader.ReadInt32(); break;
                case "payload": payload = CallFrame.Copy(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        if (topic.Length is 0 or > ProtocolLimits.MaxName || skill == default || depth < 0 || payload.Length > ProtocolLimits.InlinePayload)
        {
            throw Wire.Invalid("topic, skill, depth or payload");
        }

        return new(new SkillEvent(topic, payload, skill) { Root = root, TraceId = trace, Depth = depth });
    }

    public void Write(ref MessagePackWriter writer)
    {
        var hasRoot = Event.Root != default;
        writer.WriteMapHeader(hasRoot ? 6 : 5);
        writer.Write("topic");
        writer.Write(Event.Topic);
        writer.Write("skill");
        writer.Write(Event.Source.Value);
        if (hasRoot)
        {
            writer.Write("root");
            writer.Write(Event.Root.ToString());
        }

        writer.Write("trace");
        writer.Write(Event.TraceId);
        writer.Write("depth");
        writer.Write(Event.Depth);
        writer.Write("payload");
        writer.Write(Event.Payload.Span);
    }
}
