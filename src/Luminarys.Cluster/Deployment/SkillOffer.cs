using Luminarys.Cluster.Protocol;
using Luminarys.Skills;

namespace Luminarys.Cluster.Deployment;

/// <summary>Judges whether a node can tell the cluster about a skill.</summary>
internal static class SkillOffer
{
    /// <summary>Why it cannot and what to do; null when it can.</summary>
    public static string? FindFault(Skill skill) => SkillCodec.Encode(skill).Bytes.Length > ProtocolLimits.MaxSkill
        ? $"its methods need more than {ProtocolLimits.MaxSkill} bytes; declare fewer, or describe them shorter"
        : null;
}
