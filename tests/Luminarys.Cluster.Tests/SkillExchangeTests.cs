using System.Globalization;
using System.Text;
using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.State;

namespace Luminarys.Cluster.Tests;

/// <summary>Events and shared values between whole nodes on the loopback bus.</summary>
[Collection(nameof(WholeNodes))]
public sealed class SkillExchangeTests : IAsyncDisposable
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(8);
    private static readonly ValueKey s_shared = new("", "counter");
    private readonly TestCluster _cluster = new();
    private TestNode _master = null!;
    private TestNode _one = null!;
    private TestNode _two = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Event_OfASlave_IsHeardOnceEverywhere()
    {
        await StartAsync();
        Heard[] all = [new(Host(_master, "local")), new(Host(_one, "a")), new(Host(_two, "b"))];

        await Host(_one, "a").EmitAsync(
            News("hello", "a") with { Depth = 3, TraceId = "trace", Root = new(Guid.Parse("01900000-0000-7000-8000-000000000001")) }, Token);
        await UntilAsync(() => all.All(heard => !heard.Events.IsEmpty), "everybody heard it");
        await _cluster.PassAsync(TimeSpan.FromSeconds(1));

        Assert.All(all, heard => Assert.Equal(["hello"], heard.Texts));
        Assert.All(all, heard => Assert.Equivalent(
            new { Source = new Skills.SkillId("a"), Depth = 3, TraceId = "trace", Topic = "news" }, heard.Events.First()));
        Assert.All(all, heard => Assert.Equal("01900000000070008000000000000001", heard.Events.First().Root.ToString()));
    }

    [Fact]
    public async Task Event_OfTheMaster_IsHeardOnceEverywhere()
    {
        await StartAsync();
        Heard[] all = [new(Host(_master, "local")), new(Host(_one, "a")), new(Host(_two, "b"))];
        var other = new Heard(Host(_two, "b"), "weather");

        await Host(_master, "local").EmitAsync(News("hello", "local"), Token);
        await UntilAsync(() => all.All(heard => !heard.Events.IsEmpty), "everybody heard it");

        Assert.All(all, heard => Assert.Equal(["hello"], heard.Texts));
        Assert.Empty(other.Events);
    }

    [Fact]
    public async Task Events_OfOneSkill_ArriveInOrder()
    {
        await StartAsync();
        var heard = new Heard(Host(_two, "b"));

        for (var number = 0; number < 300; number++)
        {
            await Host(_one, "a").EmitAsync(News(number.ToString(CultureInfo.InvariantCulture), "a"), Token);
        }

        await UntilAsync(() => heard.Events.Count == 300, "all came");
        Assert.Equal(Enumerable.Range(0, 300).Select(number => number.ToString(CultureInfo.InvariantCulture)), heard.Texts);
    }

    [Fact]
    public async Task Event_WithoutMaster_IsHeardOnItsNodeAndForgotten()
    {
        var slave = _cluster.Slave("slave-1", "a");
        Assert.Null(await _cluster.StartAsync(slave));
        var near = new Heard(Host(slave, "a"));
        using var drops = new DroppedEvents();

        await Host(slave, "a").EmitAsync(News("early", "a"), Token);
        var master = _cluster.Master(skills: "local");
        Assert.Null(await _cluster.StartAsync(master));
        var far = new Heard(Host(master, "local"));
        await UntilAsync(() => master.Skills.Contains("a@slave-1"), "the slave joined");
        await Host(slave, "a").EmitAsync(News("late", "a"), Token);
        await UntilAsync(() => !far.Events.IsEmpty, "the later one came");

        Assert.Equal(["early", "late"], near.Texts);
        Assert.Equal(["late"], far.Texts);
        Assert.Equal(1, drops.Count("master"));
    }

    [Fact]
    public async Task Flood_OfOneNode_IsCutAtItAndLeavesTheOthersAlone()
    {
        await StartAsync();
        var heard = new Heard(Host(_master, "local"));
        using var drops = new DroppedEvents();

        for (var number = 0; number < 5000; number++)
        {
            await Host(_one, "a").EmitAsync(News("flood", "a"), Token);
        }

        await Host(_two, "b").EmitAsync(News("quiet", "b"), Token);
        await UntilAsync(() => heard.Texts.Contains("quiet"), "the other node was heard");
        Assert.InRange(heard.Events.Count(one => one.Source.Value == "a"), 1, EventBudget.Events + 1);
        Assert.InRange(drops.Count("rate"), 4000, 5000);
    }

    [Fact]
    public async Task Event_TooLarge_IsDroppedAndCounted()
    {
        await StartAsync();
        var heard = new Heard(Host(_master, "local"));
        using var drops = new DroppedEvents();

        await Host(_one, "a").EmitAsync(new("news", new byte[LoopbackHub.MaxPayload], new("a")), Token);
        await Host(_one, "a").EmitAsync(News("next", "a"), Token);

        await UntilAsync(() => !heard.Events.IsEmpty, "the next one came");
        Assert.Equal(["next"], heard.Texts);
        Assert.Equal(1, drops.Count("size"));
    }

    [Fact]
    public async Task Hostile_Node_SpeaksForNobodyElse()
    {
        await StartAsync();
        var heard = new Heard(Host(_two, "b"));
        await using var hostile = HandmadeNode.DoubleOf(_cluster, _master, "slave-1");
        await hostile.ConnectAsync();

        // In the name of skills of others; under the name of another node; as a process that is not registered; in a term that is over or to come.
        await hostile.TellAsync(News("as b", "b"));
        await hostile.TellAsync(News("as local", "local"));
        await hostile.TellAsync(News("as nobody", "nobody"));
        await hostile.TellAsync(News("as slave-2", "b"), new("slave-2"));
        await hostile.TellAsync(new("news", new byte[ProtocolLimits.InlinePayload + 1], new("a")));
        hostile.Identity.Epoch--;
        await hostile.TellAsync(News("stale", "a"));
        hostile.Identity.Epoch += 2;
        await hostile.TellAsync(News("from the future", "a"));
        hostile.Identity.Epoch--;
        await using var stranger = new HandmadeNode(_cluster.Hub, new(new("test"), new("slave-1"), Nodes.NodeRole.Slave) { Epoch = hostile.Identity.Epoch, Incarnation = hostile.Identity.Incarnation });
        await stranger.ConnectAsync();
        await stranger.TellAsync(News("another process", "a"));
        await hostile.TellAsync(News("its own", "a"));

        await UntilAsync(() => !heard.Events.IsEmpty, "its own skill may speak");
        await _cluster.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(["its own"], heard.Texts);
    }

    [Fact]
    public async Task Hostile_Flood_IsCutAtTheMaster()
    {
        await StartAsync();
        var heard = new Heard(Host(_two, "b"));
        await using var hostile = HandmadeNode.DoubleOf(_cluster, _master, "slave-1");
        await hostile.ConnectAsync();

        for (var number = 0; number < 4000; number++)
        {
            await hostile.TellAsync(News("flood", "a"));
        }

        await _cluster.PassAsync(TimeSpan.FromMilliseconds(200));
        await Host(_master, "local").EmitAsync(News("end", "local"), Token);
        await UntilAsync(() => heard.Texts.Contains("end"), "the master was heard");
        Assert.InRange(heard.Events.Count, 1, (2 * EventBudget.Events) + 600);
    }

    [Fact]
    public async Task Value_ThatOneNodeStores_IsThereOnAll()
    {
        await StartAsync();

        Assert.Null(await StoreAsync(_one, "a", s_shared, "1"));
        Assert.Equal("1", Text(await FindAsync(_two, "b", s_shared)));
        Assert.Null(await StoreAsync(_two, "b", s_shared, "2"));
        Assert.Null(await StoreAsync(_two, "b", s_shared, "2"));

        Assert.Equal("2", Text(await FindAsync(_one, "a", s_shared)));
        Assert.Equal("2", Text(await FindAsync(_master, "local", s_shared)));
        Assert.Equal(default, await FindAsync(_one, "a", new("", "never stored")));
        Assert.Null(await _one.Ports.States.FindValueAsync(s_shared, Token));
    }

    [Fact]
    public async Task Value_OfASkillsOwn_StaysOnItsNode()
    {
        await StartAsync();
        var own = new ValueKey("a", "secret");

        Assert.Null(await StoreAsync(_one, "a", own, "mine"));

        Assert.Equal("mine", Text(await FindAsync(_one, "a", own)));
        Assert.Null(await _master.Ports.States.FindValueAsync(own, Token));
    }

    [Fact]
    public async Task Value_WithoutMaster_IsATypedErrorAndNoLocalWrite()
    {
        var slave = _cluster.Slave("slave-1", "a");
        Assert.Null(await _cluster.StartAsync(slave));

        Assert.Equal(InvocationError.NotServing, (await StoreAsync(slave, "a", s_shared, "1"))?.Error);
        Assert.Equal(InvocationError.NotServing, (await FindAsync(slave, "a", s_shared)).Fault?.Error);
        slave.SetCut(true);
        Assert.Equal(InvocationError.BusDown, (await StoreAsync(slave, "a", s_shared, "1"))?.Error);
        Assert.Equal(InvocationError.BusDown, (await FindAsync(slave, "a", s_shared)).Fault?.Error);
        Assert.Null(await slave.Ports.States.FindValueAsync(s_shared, Token));
    }

    [Fact]
    public async Task Value_MasterThatHangs_LeavesTheOutcomeOpen()
    {
        var store = new GatedStore();
        await StartAsync(store);
        store.Gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        var stored = await StoreAsync(_one, "a", s_shared, "1");
        var found = await FindAsync(_one, "a", s_shared);

        Assert.Equal(InvocationError.OutcomeUnknown, stored?.Error);
        Assert.Equal(InvocationError.NotServing, found.Fault?.Error);
        store.Gate.SetResult();
    }

    [Fact]
    public async Task Value_MasterGone_IsNotServing()
    {
        await StartAsync();
        await _master.KillAsync();

        Assert.Equal(InvocationError.NotServing, (await StoreAsync(_one, "a", s_shared, "1"))?.Error);
    }

    [Fact]
    public async Task Value_TooLarge_IsRefused()
    {
        await StartAsync();
        var largest = new byte[256 * 1024];

        Assert.Null(await Host(_one, "a").StoreValueAsync(s_shared, largest, Token));
        Assert.Equal(largest.Length, (await FindAsync(_two, "b", s_shared)).Value!.Value.Length);
        Assert.Equal(InvocationError.PayloadTooLarge, (await Host(_one, "a").StoreValueAsync(s_shared, new byte[largest.Length + 1], Token))?.Error);
    }

    [Fact]
    public async Task Values_OfAllTogether_HaveALimit()
    {
        await StartAsync();

        HostFault? fault = null;
        for (var number = 0; number < 65 && fault is null; number++)
        {
            fault = await Host(_one, "a").StoreValueAsync(new("", number.ToString(CultureInfo.InvariantCulture)), new byte[256 * 1024], Token);
        }

        Assert.Equal(InvocationError.PayloadTooLarge, fault?.Error);
    }

    [Fact]
    public async Task Hostile_Request_ReadsAndWritesNothing()
    {
        await StartAsync();
        var own = new ValueKey("local", "secret");
        Assert.Null(await StoreAsync(_master, "local", own, "mine"));
        await using var hostile = HandmadeNode.DoubleOf(_cluster, _master, "slave-1");
        await hostile.ConnectAsync();

        Assert.Equal(InvocationError.Denied, await CodeAsync(hostile, new(KeyValueOperation.Get, own, default)));
        Assert.Equal(InvocationError.Denied, await CodeAsync(hostile, new(KeyValueOperation.Set, new("a", "x"), default)));
        Assert.Equal(InvocationError.PayloadTooLarge, await CodeAsync(hostile, new(KeyValueOperation.Set, s_shared, new byte[(256 * 1024) + 1])));
        hostile.Identity.Epoch--;
        Assert.Equal(InvocationError.StaleEpoch, await CodeAsync(hostile, new(KeyValueOperation.Set, s_shared, default)));
        await using var stranger = new HandmadeNode(_cluster.Hub, new(new("test"), new("slave-9"), Nodes.NodeRole.Slave) { Epoch = hostile.Identity.Epoch + 1 });
        await stranger.ConnectAsync();
        Assert.Equal(InvocationError.NotServing, await CodeAsync(stranger, new(KeyValueOperation.Set, s_shared, default)));
        Assert.Null(await _master.Ports.States.FindValueAsync(s_shared, Token));
    }

    [Fact]
    public async Task Drain_OfASlave_LeavesItsRunningCallsTheirEventsAndValues()
    {
        await StartAsync();
        var heard = new Heard(Host(_master, "local"));
        var goOn = new TaskCompletionSource();
        _one.Runtime.Body = async (invocation, _) =>
        {
            await goOn.Task;
            await Host(_one, "a").EmitAsync(News("last", "a"), CancellationToken.None);
            var fault = await Host(_one, "a").StoreValueAsync(s_shared, "last"u8.ToArray(), CancellationToken.None);
            return fault is null ? InvocationResult.Success(default) : InvocationResult.Failure(fault.Error, fault.Message);
        };
        var call = _master.Invoker.InvokeAsync(
            new(CallId.New(TimeProvider.System), new("a"), "echo", default, new(CallerKind.Edge, default), Deadline.Never), Token).AsTask();
        await UntilAsync(() => !_one.Runtime.Begun.IsEmpty, "the call runs");

        var drain = _one.Drain(Token).AsTask();
        await UntilAsync(() => !_master.Skills.Contains("a@slave-1"), "the master knows that it drains");
        goOn.SetResult();
        await UntilAsync(() => call.IsCompleted && drain.IsCompleted, "the call and the drain ended");

        var result = await call;
        Assert.True(result.IsSuccess, result.Message);
        await UntilAsync(() => !heard.Events.IsEmpty, "the event came");
        Assert.Equal("last", Text(await FindAsync(_two, "b", s_shared)));
    }

    [Fact]
    public async Task Restart_OfTheMaster_KeepsValuesAndBringsEventsBack()
    {
        var store = new MemoryStateStore();
        await StartAsync(store);
        Assert.Null(await StoreAsync(_one, "a", s_shared, "kept"));
        await _master.KillAsync();

        _master = _cluster.Master(store, skills: "local");
        Assert.Null(await _cluster.StartAsync(_master));
        await UntilAsync(() => _master.Skills.Length == 3, "both slaves came back");
        var heard = new Heard(Host(_master, "local"));
        await UntilAsync(() => _two.Skills.SequenceEqual(_master.Skills), "the slaves know the new registry");

        Assert.Equal("kept", Text(await FindAsync(_two, "b", s_shared)));
        await Host(_one, "a").EmitAsync(News("again", "a"), Token);
        await UntilAsync(() => !heard.Events.IsEmpty, "events flow again");
    }

    private static ISkillHost Host(TestNode node, string skill) => node.Runtime.Hosts[skill];

    private static SkillEvent News(string text, string skill) => new("news", Encoding.UTF8.GetBytes(text), new(skill));

    private static string? Text(StoredValue found) => found.Value is { } value ? Encoding.UTF8.GetString(value.Span) : null;

    private async Task<HostFault?> StoreAsync(TestNode node, string skill, ValueKey key, string text) => await _cluster.UntilAsync(
        Host(node, skill).StoreValueAsync(key, Encoding.UTF8.GetBytes(text), Token).AsTask(), s_soon, "a value was stored or refused");

    private async Task<StoredValue> FindAsync(TestNode node, string skill, ValueKey key) =>
        await _cluster.UntilAsync(Host(node, skill).FindValueAsync(key, Token).AsTask(), s_soon, "a value was found or refused");

    private static async Task<InvocationError?> CodeAsync(HandmadeNode node, KeyValueMessage message) => (await node.AskAsync(message))?.Body?.Code;

    private Task UntilAsync(Func<bool> condition, string phase) => _cluster.UntilAsync(condition, s_soon, phase);

    private async Task StartAsync(IStateStore? store = null)
    {
        _master = _cluster.Master(store, skills: "local");
        (_one, _two) = (_cluster.Slave("slave-1", "a"), _cluster.Slave("slave-2", "b"));
        foreach (var node in new[] { _master, _one, _two })
        {
            Assert.Null(await _cluster.StartAsync(node));
        }

        await UntilAsync(() => _master.Skills.Length == 3 && _one.Skills.Length == 3 && _two.Skills.Length == 3, "both slaves joined");
    }
}
