using Luminarys.Skills;

namespace Luminarys.Ports;

/// <summary>What a skill told everybody.</summary>
/// <param name="Topic">What it is about.</param>
/// <param name="Payload">One MessagePack value.</param>
/// <param name="Source">The skill that told it. Set by the host.</param>
public sealed record SkillEvent(string Topic, ReadOnlyMemory<byte> Payload, SkillId Source);
