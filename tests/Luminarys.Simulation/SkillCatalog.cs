using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Manifests;
using Luminarys.Nodes;
using Luminarys.Skills;

namespace Luminarys.Simulation;

/// <summary>Makes skill lists and remembers which of a node's lists is newer.</summary>
internal sealed class SkillCatalog(Scheduler scheduler)
{
    /// <summary>The skill that only the master may own.</summary>
    public static readonly SkillId MasterSkill = new("of-master");
    private readonly Dictionary<(NodeId Node, Digest128 Digest), int> _versions = [];
    private int _last;

    /// <summary>The master's list.</summary>
    public static SkillList OfMaster { get; } = SkillList.Of([Skill(MasterSkill.Value, 0)]);

    /// <summary>A new list of a node: its own skill, a few that others have too, and sometimes one that poses as the master's.</summary>
    public SkillList Next(NodeId node)
    {
        var version = ++_last;
        List<Skill> skills = [Skill("of-" + node, version)];
        for (var i = 0; i < 3; i++)
        {
            if (scheduler.Chance(0.5))
            {
                skills.Add(Skill("shared-" + i, scheduler.Chance(0.5) ? 0 : version));
            }
        }

        if (scheduler.Chance(0.1))
        {
            skills.Add(Skill(MasterSkill.Value, version));
        }

        var list = SkillList.Of(skills);
        _versions[(node, list.Digest)] = version;
        return list;
    }

    public int VersionOf(NodeId node, Digest128 digest) => _versions[(node, digest)];

    private static Skill Skill(string id, int version) => new(
        new(id),
        new(new("com.example.skill"), "Skill", "1.0.0", "", [new("run", "Runs.", [])], [], 1),
        PackageDigest.Of([(byte)version, (byte)(version >> 8), (byte)(version >> 16)]),
        "",
        McpMapping.Default);
}
