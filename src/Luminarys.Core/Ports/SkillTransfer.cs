using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Skills;

namespace Luminarys.Ports;

/// <summary>A file that a skill wants on another node, or from there.</summary>
/// <param name="Skill">Who asks. Its manifest allows the node and the local path.</param>
/// <param name="Node">The other node; may be the skill's own.</param>
/// <param name="LocalPath">Absolute path on the skill's node.</param>
/// <param name="RemotePath">Absolute path on the other node.</param>
/// <param name="IsSending">Whether the file goes from here to there.</param>
public sealed record SkillTransfer(SkillId Skill, NodeId Node, string LocalPath, string RemotePath, bool IsSending)
{
    /// <summary>The call at the beginning of the chain that led here; none when nobody knows.</summary>
    public CallId Root { get; init; }

    /// <summary>What the skill's manifest opens to transfers on its node. Stays the runtime's.</summary>
    public required ITransferFiles Files { get; init; }
}
