using System.Collections.Immutable;
using Luminarys.Manifests;
using Luminarys.Nodes;
using Luminarys.Registry;
using Luminarys.Skills;

namespace Luminarys.Mcp;

/// <summary>Short ways to write skills and snapshots.</summary>
internal static class TestSkills
{
    public static readonly NodeId NodeId = new("node-1");

    public static Skill Skill(string id, params SkillMethod[] methods) => Skill(id, McpMapping.Default, methods);

    public static Skill Skill(string id, McpMapping mapping, params SkillMethod[] methods)
    {
        var descriptor = new SkillDescriptor(new PackageId("test." + id), "Test " + id, "1.0.0", "Package text.", [.. methods], [], 512);
        return new(new SkillId(id), descriptor, PackageDigest.Of([]), "What " + id + " does.", mapping);
    }

    public static SkillMethod Method(string name, params SkillParameter[] parameters) =>
        new(name, "Does " + name + ".", [.. parameters]);

    public static SkillParameter Parameter(
        string name, ParameterType type = ParameterType.String, bool required = false, SkillParameter? items = null, string? defaultJson = null) =>
        new(name, type, "The " + name + ".", required, [], items, defaultJson);

    public static SkillParameter OneOf(string name, ParameterType type, params string[] allowed) =>
        new(name, type, "", IsRequired: false, [.. allowed]);

    public static RegistrySnapshot Snapshot(ulong revision, params Skill[] skills) => new(
        new RegistryVersion(1, revision),
        [new Node(NodeId, NodeRole.Master, NodeState.Alive, 1, default)],
        skills.Select(skill => new RegistryEntry(skill, NodeId)));

    public static SkillRegistry Registry(params Skill[] skills)
    {
        var registry = new SkillRegistry();
        registry.TryPublish(Snapshot(1, skills));
        return registry;
    }

    public static ImmutableArray<T> List<T>(params T[] values) => [.. values];
}
