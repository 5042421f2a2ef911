using System.Text.Json;
using Luminarys.Manifests;
using Luminarys.Skills;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Luminarys.Mcp.Tools;

/// <summary>Listing through the C# SDK's client and a real web server.</summary>
public sealed class ToolListTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    [InlineData("2025-03-26")]
    public async Task List_Tools_AreInTheRegistrysOrderWithSchemaAndTitle(string version)
    {
        await using var edge = await EdgeFixture.StartAsync(
        [
            TestSkills.Skill("zebra", TestSkills.Method("z")),
            TestSkills.Skill("alpha", TestSkills.Method("second", TestSkills.Parameter("p", required: true)), TestSkills.Method("first")),
        ]);
        await using var client = await edge.ConnectAsync(version);

        var tools = await client.ListToolsAsync(cancellationToken: Cancellation);

        Assert.Equal(["alpha__second", "alpha__first", "zebra__z"], tools.Select(tool => tool.Name));
        Assert.Equal("Test alpha: second", tools[0].Title);
        Assert.Equal("Does second.", tools[0].Description);
        Assert.Equal(
            """{"type":"object","properties":{"p":{"type":"string","description":"The p."}},"required":["p"],"additionalProperties":false}""",
            JsonSerializer.Serialize(tools[0].JsonSchema));

        // No package says what its methods return, so a client is told nothing that a result could break.
        Assert.All(tools, tool => Assert.Null(tool.ProtocolTool.OutputSchema));
        Assert.Equal("luminarys", client.ServerInfo!.Name);
    }

    [Fact]
    public async Task List_UpstreamNames_AreSlashedAndBothFormsResolve()
    {
        await using var edge = await EdgeFixture.StartAsync(
            [TestSkills.Skill("echo", TestSkills.Method("ping"))], options => options.UpstreamToolNames = true);
        await using var client = await edge.ConnectAsync();

        var tools = await client.ListToolsAsync(cancellationToken: Cancellation);
        await client.CallToolAsync("echo/ping", cancellationToken: Cancellation);
        await client.CallToolAsync("echo__ping", cancellationToken: Cancellation);

        Assert.Equal("echo/ping", Assert.Single(tools).Name);
        Assert.Equal(2, edge.Invoker.Calls.Count);
    }

    [Fact]
    public async Task List_WholeSkillMapping_IsOneToolThatNamesItsMethods()
    {
        var mapping = new McpMapping(McpMappingKind.PerSkill, [], null);
        await using var edge = await EdgeFixture.StartAsync(
            [TestSkills.Skill("math", mapping, TestSkills.Method("add", TestSkills.Parameter("a", required: true)), TestSkills.Method("sub"))]);
        await using var client = await edge.ConnectAsync();

        var tool = Assert.Single(await client.ListToolsAsync(cancellationToken: Cancellation));

        Assert.Equal("math", tool.Name);
        Assert.Equal("What math does.\n\nMethods:\n- add(a (required)): Does add.\n- sub(): Does sub.", tool.Description);
        Assert.Contains("\"enum\":[\"add\",\"sub\"]", JsonSerializer.Serialize(tool.JsonSchema), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_LongerThanAPage_IsPagedAndStaleCursorsAreRefused()
    {
        var text = new string('d', 4000);
        Skill Big(string id) => TestSkills.Skill(
            id, [.. Enumerable.Range(0, 100).Select(i => new SkillMethod("m" + i, text, []))]);
        await using var edge = await EdgeFixture.StartAsync([Big("a"), Big("b"), Big("c")]);
        await using var client = await edge.ConnectAsync();

        var first = await client.ListToolsAsync(new ListToolsRequestParams(), Cancellation);
        var all = await client.ListToolsAsync(cancellationToken: Cancellation);
        edge.Registry.TryPublish(TestSkills.Snapshot(2, Big("a"), Big("b")));
        var stale = await Assert.ThrowsAsync<McpProtocolException>(
            async () => await client.ListToolsAsync(new ListToolsRequestParams { Cursor = first.NextCursor }, Cancellation));

        Assert.NotNull(first.NextCursor);
        Assert.InRange(first.Tools.Count, 200, 262);
        Assert.Equal(300, all.Select(tool => tool.Name).Distinct().Count());
        Assert.Equal(McpErrorCode.InvalidParams, stale.ErrorCode);
    }

    [Fact]
    public async Task ListChanged_RegistryChanges_TellsSessionsOnceAfterAQuietTime()
    {
        await using var edge = await EdgeFixture.StartAsync([TestSkills.Skill("echo", TestSkills.Method("ping"))]);
        var told = new SemaphoreSlim(0);
        var notifications = 0;
        await using var client = await edge.ConnectAsync("2025-11-25", handlers: new McpClientHandlers
        {
            NotificationHandlers =
            [
                new(NotificationMethods.ToolListChangedNotification, (_, _) =>
                {
                    Interlocked.Increment(ref notifications);
                    told.Release();
                    return default;
                }),
            ],
        });
        Assert.True(client.ServerCapabilities.Tools!.ListChanged);
        await client.ListToolsAsync(cancellationToken: Cancellation);

        var other = TestSkills.Skill("other", TestSkills.Method("run"));
        edge.Registry.TryPublish(TestSkills.Snapshot(2, other));
        edge.Registry.TryPublish(TestSkills.Snapshot(3));
        edge.Registry.TryPublish(TestSkills.Snapshot(4, other));
        edge.Time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.True(await told.WaitAsync(TimeSpan.FromSeconds(20), Cancellation), "the first notification did not come");
        var tools = await client.ListToolsAsync(cancellationToken: Cancellation);

        // A new revision with the same tools is no news: the next notification belongs to the change after it.
        edge.Registry.TryPublish(TestSkills.Snapshot(5, other));
        edge.Time.Advance(TimeSpan.FromMilliseconds(250));
        edge.Registry.TryPublish(TestSkills.Snapshot(6));
        edge.Time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.True(await told.WaitAsync(TimeSpan.FromSeconds(20), Cancellation), "the second notification did not come");

        Assert.Equal("other__run", Assert.Single(tools).Name);
        Assert.Empty(await client.ListToolsAsync(cancellationToken: Cancellation));
        Assert.Equal(2, Volatile.Read(ref notifications));
    }

    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    public async Task List_ApplicationsOwnTools_StayBesideOurs(string version)
    {
        var own = McpServerTool.Create(() => "mine", new McpServerToolCreateOptions { Name = "own" });
        await using var edge = await EdgeFixture.StartAsync(
            [TestSkills.Skill("echo", TestSkills.Method("ping"))],
            addServices: services => services.AddMcpServer().WithTools([own]));
        await using var client = await edge.ConnectAsync(version);

        for (var round = 0; round < 2; round++)
        {
            var tools = await client.ListToolsAsync(cancellationToken: Cancellation);
            Assert.Equal(["echo__ping", "own"], tools.Select(tool => tool.Name));
        }

        var result = await client.CallToolAsync("own", cancellationToken: Cancellation);
        Assert.Equal("mine", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }
}
