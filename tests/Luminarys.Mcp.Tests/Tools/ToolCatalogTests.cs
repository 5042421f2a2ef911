using System.Collections.Immutable;
using System.Text.Json;
using Luminarys.Manifests;
using Luminarys.Nodes;
using Luminarys.Registry;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Luminarys.Mcp.Tools;

public sealed class ToolCatalogTests
{
    private readonly RecordingLogger<ToolCatalog> _log = new();

    [Fact]
    public void Current_SameSnapshot_IsTheSameSet()
    {
        var registry = TestSkills.Registry(TestSkills.Skill("echo", TestSkills.Method("ping")));
        var catalog = Catalog(registry);

        var first = catalog.Current;

        Assert.Same(first, catalog.Current);
        Assert.Same(first.Pages[0], catalog.Current.Pages[0]);
    }

    [Fact]
    public void Current_NewSnapshotWithTheSameSkill_KeepsItsTools()
    {
        var echo = TestSkills.Skill("echo", TestSkills.Method("ping"));
        var registry = TestSkills.Registry(echo);
        var catalog = Catalog(registry);
        var before = catalog.Current;

        registry.TryPublish(TestSkills.Snapshot(2, echo));
        var after = catalog.Current;

        Assert.NotSame(before, after);
        Assert.Equal(before.Digest, after.Digest);
        Assert.Same(before.Find("echo__ping"), after.Find("echo__ping"));
    }

    [Fact]
    public void Hints_OfTheManifest_AreShown_OfAWholeSkillWhatItsMethodsShare()
    {
        var settings = new Dictionary<string, MethodSettings>
        {
            ["read"] = new(Idempotent: true, ReadOnly: true, OpenWorld: false, Title: "Read a file"),
            ["stat"] = new(Idempotent: true, ReadOnly: true, OpenWorld: true),
        }.ToImmutableDictionary();
        SkillMethod[] methods = [TestSkills.Method("read"), TestSkills.Method("stat"), TestSkills.Method("plain")];
        var tools = Catalog(TestSkills.Registry(TestSkills.Skill("one", methods) with { MethodSettings = settings })).Current;
        var whole = Catalog(TestSkills.Registry(TestSkills.Skill("all", new McpMapping(McpMappingKind.PerSkill, [], null), methods[..2]) with { MethodSettings = settings })).Current;

        var read = tools.Find("one__read")!.Definition;
        Assert.Equal("Read a file", read.Title);
        Assert.Equal((true, true, false, null), (read.Annotations!.IdempotentHint, read.Annotations.ReadOnlyHint, read.Annotations.OpenWorldHint, read.Annotations.DestructiveHint));
        Assert.Null(tools.Find("one__plain")!.Definition.Annotations);
        var all = whole.Find("all")!.Definition.Annotations!;
        Assert.Equal((true, true, null), (all.IdempotentHint, all.ReadOnlyHint, all.OpenWorldHint));
    }

    [Fact]
    public void Digest_ChangesWithAnyText()
    {
        string DigestOf(SkillMethod method) => Catalog(TestSkills.Registry(TestSkills.Skill("s", method))).Current.Digest;

        var digests = new[]
        {
            DigestOf(TestSkills.Method("a")),
            DigestOf(TestSkills.Method("b")),
            DigestOf(TestSkills.Method("a") with { Description = "Other." }),
            DigestOf(TestSkills.Method("a", TestSkills.Parameter("p"))),
            DigestOf(TestSkills.Method("a", TestSkills.Parameter("p", required: true))),
        };

        Assert.Equal(digests.Length, digests.Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("has space")]
    [InlineData("has/slash")]
    [InlineData("naïve")]
    [InlineData("a\u202eb")]
    public void Current_MethodNameThatIsNoToolName_IsRefusedAndLogged(string method)
    {
        var catalog = Catalog(TestSkills.Registry(TestSkills.Skill("s", TestSkills.Method(method), TestSkills.Method("good"))));

        Assert.Equal("s__good", Assert.Single(catalog.Current.Pages[0]).Name);
        Assert.Equal(4001, Assert.Single(_log.Events));
    }

    [Fact]
    public void Current_LongNames_WarnOver64AndAreRefusedOver128()
    {
        SkillMethod Named(int length) => TestSkills.Method(new string('m', length));

        var catalog = Catalog(TestSkills.Registry(TestSkills.Skill("s", Named(61), Named(62), Named(125), Named(126))));

        Assert.Equal([64, 65, 128], catalog.Current.Pages[0].Select(tool => tool.Name.Length));
        Assert.Equal([4001, 4002, 4002], _log.Events.Order());
    }

    [Fact]
    public void Current_NameTakenTwice_KeepsTheFirstAndLogsAnError()
    {
        var catalog = Catalog(TestSkills.Registry(
            TestSkills.Skill("s", TestSkills.Method("m"), TestSkills.Method("m") with { Description = "Second." })));

        Assert.Equal("Does m.", Assert.Single(catalog.Current.Pages[0]).Description);
        Assert.Equal(4003, Assert.Single(_log.Events));
    }

    [Theory]
    [InlineData("")]
    [InlineData("zero\u200bwidth")]
    public void Current_ParameterNameThatCannotBeSeen_RefusesTheMethod(string parameter)
    {
        var catalog = Catalog(TestSkills.Registry(TestSkills.Skill("s", TestSkills.Method("m", TestSkills.Parameter(parameter)))));

        Assert.Empty(catalog.Current.Pages[0]);
    }

    [Fact]
    public void Current_ParameterDeclaredTwice_RefusesTheMethod()
    {
        var method = TestSkills.Method("m", TestSkills.Parameter("p"), TestSkills.Parameter("p", ParameterType.Integer));

        Assert.Empty(Catalog(TestSkills.Registry(TestSkills.Skill("s", method))).Current.Pages[0]);
    }

    [Fact]
    public void Schema_AllFields_AreWrittenAndCleaned()
    {
        var method = TestSkills.Method(
            "m",
            new SkillParameter("list", ParameterType.Array, "Hid\u200bden \u202etext", IsRequired: true, [], TestSkills.Parameter("", ParameterType.Integer)),
            new SkillParameter("mode", ParameterType.String, "", false, ["fast", "sl\u200bow"], null, "\"fa\u200bst\"", "\"fast\""),
            new SkillParameter("level", ParameterType.Integer, "", false, ["1", "2"], null, "2"),
            new SkillParameter("odd", ParameterType.Number, "", false, [], null, "not json", "{"));

        var schema = Assert.Single(Catalog(TestSkills.Registry(TestSkills.Skill("s", method))).Current.Pages[0]).InputSchema;

        Assert.Equal(
            """
            {"type":"object","properties":{"list":{"type":"array","description":"Hidden text","items":{"type":"integer","description":"The ."}},"mode":{"type":"string","enum":["fast","slow"],"default":"fast","examples":["fast"]},"level":{"type":"integer","enum":[1,2],"default":2},"odd":{"type":"number"}},"required":["list"],"additionalProperties":false}
            """,
            JsonSerializer.Serialize(schema));
        Assert.Equal([4004, 4004], _log.Events);
    }

    [Fact]
    public void Qualified_EveryNodeThatOffersASkill_IsListedOnceMore()
    {
        var echo = TestSkills.Skill("echo", TestSkills.Method("ping"));
        var catalog = Qualified([echo], [("slave-1", echo with { Description = "Another." })]);

        Assert.Equal(["echo__ping", "node-1__echo__ping", "slave-1__echo__ping"], catalog.Current.Pages[0].Select(tool => tool.Name));
        Assert.Null(catalog.Current.Find("echo__ping")!.Methods[0].Node);
        Assert.Equal(new NodeId("slave-1"), catalog.Current.Find("slave-1__echo__ping")!.Methods[0].Node);
        Assert.Equal(TestSkills.NodeId, catalog.Current.Find("node-1/echo/ping")!.Methods[0].Node);
        Assert.Equal("Test echo: ping (on slave-1)", catalog.Current.Find("slave-1/echo/ping")!.Definition.Title);
        Assert.Empty(_log.Events);
    }

    [Fact]
    public void Qualified_WholeSkill_IsListedForEachNode()
    {
        var whole = TestSkills.Skill("echo", new McpMapping(McpMappingKind.PerSkill, [], null), TestSkills.Method("ping"));

        var catalog = Qualified([whole], [("slave-1", whole with { Description = "Another." })]);

        Assert.Equal(["echo", "node-1__echo", "slave-1__echo"], catalog.Current.Pages[0].Select(tool => tool.Name));
        Assert.Equal(new NodeId("slave-1"), catalog.Current.Find("slave-1__echo")!.Methods[0].Node);
    }

    [Fact]
    public void Qualified_PackageThatNamesItselfLikeAnotherNodesTool_GetsNoTool()
    {
        var echo = TestSkills.Skill("echo", TestSkills.Method("ping"));
        var impostor = TestSkills.Skill("slave-1", TestSkills.Method("echo__ping"));

        var catalog = Qualified([impostor], [("slave-1", echo)]);

        Assert.Equal(new NodeId("slave-1"), catalog.Current.Find("slave-1__echo__ping")!.Methods[0].Node);
        Assert.Equal(new SkillId("echo"), catalog.Current.Find("slave-1__echo__ping")!.Methods[0].Skill);
        Assert.Equal([4003], _log.Events);
    }

    [Fact]
    public void Qualified_NotAskedFor_ListsPlainNamesOnly()
    {
        var registry = new SkillRegistry();
        var echo = TestSkills.Skill("echo", TestSkills.Method("ping"));
        registry.TryPublish(new(new(1, 1), [], [new(echo, TestSkills.NodeId)], [new(echo with { Description = "Another." }, new("slave-1"))]));

        Assert.Equal("echo__ping", Assert.Single(Catalog(registry).Current.Pages[0]).Name);
        Assert.Null(Catalog(registry).Current.Find("slave-1__echo__ping"));
    }

    private ToolCatalog Qualified(Skill[] owned, (string Node, Skill Skill)[] replicas)
    {
        var registry = new SkillRegistry();
        registry.TryPublish(new(
            new(1, 1),
            [],
            owned.Select(skill => new RegistryEntry(skill, TestSkills.NodeId)),
            replicas.Select(replica => new RegistryEntry(replica.Skill, new(replica.Node)))));
        var options = Options.Create(new McpEdgeOptions { QualifiedToolNames = true });
        return new(registry, new(options, new RecordingLogger<ToolPins>()), options, _log);
    }

    private ToolCatalog Catalog(SkillRegistry registry)
    {
        var options = Options.Create(new McpEdgeOptions());
        return new(registry, new(options, new RecordingLogger<ToolPins>()), options, _log);
    }
}
