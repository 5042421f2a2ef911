using Luminarys.Skills;

namespace Luminarys.Cluster.Protocol;

/// <summary>A skill together with its encoding, which is what digests are made of.</summary>
/// <param name="Skill">The skill.</param>
/// <param name="Bytes">The encoded map, exactly as it travels.</param>
internal sealed record EncodedSkill(Skill Skill, ReadOnlyMemory<byte> Bytes);
