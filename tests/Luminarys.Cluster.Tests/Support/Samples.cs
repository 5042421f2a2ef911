using System.Collections.Immutable;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Manifests;
using Luminarys.Nodes;
using Luminarys.Skills;
using Luminarys.Trust;

namespace Luminarys.Cluster.Tests.Support;

/// <summary>Values that tests share.</summary>
internal static class Samples
{
    public static readonly PackageDigest One = PackageDigest.Of("one"u8);
    public static readonly PackageDigest Two = PackageDigest.Of("two"u8);

    public static readonly KeyId Signer = KeyId.Of("key"u8);

    public static Skill Skill(string id, PackageDigest? digest = null) => new(
        new(id),
        new(
            new("com.example." + id),
            "Echo",
            "1.2.3",
            "Echoes.",
            [
                new("echo", "Says it again.", [new("message", ParameterType.String, "What to say.", true, [])]),
                new("secret", "Not for clients.", [], IsHidden: true),
                new("tick", "Called by the host.", [], IsCallback: true),
            ],
            [],
            0x010203),
        digest ?? One,
        "Echoes what it hears.",
        McpMapping.Default);

    public static Skill RichSkill() => new(
        new("rich"),
        new(
            new("com.example.rich"),
            "Rich",
            "",
            "",
            [
                new("all", "Takes everything.",
                [
                    new("mode", ParameterType.String, "Which.", true, ["a", "b"], DefaultJson: "\"a\"", ExampleJson: "\"b\""),
                    new("rows", ParameterType.Array, "", false, [], new("", ParameterType.Array, "", false, [], new("", ParameterType.Number, "", false, []))),
                    new("count", ParameterType.Integer, "", false, []),
                    new("on", ParameterType.Boolean, "", false, []),
                    new("more", ParameterType.Object, "", false, []),
                ]),
            ],
            [],
            0),
        Two,
        "",
        new(McpMappingKind.PerSkill, ["hidden"], ["all"]) { Scopes = ["files.read"] }) { Signer = Signer };

    public static InstanceId Instance(int number) => new((UInt128)(uint)number);

    public static SkillList List(params string[] ids) => SkillList.Of(ids.Select(id => Skill(id)));

    public static Skill HintedSkill() => Skill("echo") with
    {
        MethodSettings = ImmutableDictionary<string, MethodSettings>.Empty
            .Add("ping", new(Idempotent: true, ReadOnly: true, Title: "Ping"))
            .Add("erase", new(Idempotent: false, Destructive: true, OpenWorld: false)),
    };

    public static RegisterMessage Registration(SkillList list, ulong revision = 1) => list.Pages(revision, int.MaxValue, 0)[0];

    public static HelloMessage Hello { get; } = new(1, 1, NodeRole.Slave, 0);

    public static Sender Sender(string node, int instance = 1, ulong incarnation = 1, ulong epoch = 1) =>
        new(new(node), incarnation, Instance(instance), epoch);

    public static ImmutableArray<Manifest> Manifests(params string[] ids) => [.. ids.Select(id => new Manifest(new(id), id + ".yaml", "/" + id + ".wasm"))];
}
