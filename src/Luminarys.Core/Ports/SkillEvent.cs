using Luminarys.Invocations;
using Luminarys.Skills;

namespace Luminarys.Ports;

/// <summary>What a skill told everybody.</summary>
/// <param name="Topic">What it is about.</param>
/// <param name="Payload">One MessagePack value; empty for none.</param>
/// <param name="Source">The skill that told it. Set by the host.</param>
public sealed record SkillEvent(string Topic, ReadOnlyMemory<byte> Payload, SkillId Source)
{
    /// <summary>The call at the beginning of the chain that led to it; default for none. Set by the host.</summary>
    public CallId Root { get; init; }

    /// <summary>Trace of the calls that led to it; empty when nobody traces.</summary>
    public string TraceId { get; init; } = "";

    /// <summary>How many calls and events led to it, so that skills that answer events with events come to an end. Set by the host.</summary>
    public int Depth { get; init; }
}
