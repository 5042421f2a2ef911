using Luminarys.Manifests;
using Luminarys.Nodes;
using Luminarys.Registry;
using Luminarys.Skills;

namespace Luminarys.Core.Tests;

/// <summary>The smallest skills, nodes and entries that the tests need.</summary>
internal static class TestSkills
{
    public static Skill Skill(string id, SkillMethod? method = null, McpMapping? mapping = null) => new(
        new SkillId(id),
        new SkillDescriptor(new PackageId("org.example." + id), id, "1.0.0", "", method is null ? [] : [method], [], 0),
        PackageDigest.Of([]),
        "",
        mapping ?? McpMapping.Default);

    public static RegistryEntry Entry(string skill, string node = "node") => new(Skill(skill), new NodeId(node));

    public static Node Node(string id, NodeRole role = NodeRole.Slave) =>
        new(new NodeId(id), role, NodeState.Alive, 1, new InstanceId(1));
}
