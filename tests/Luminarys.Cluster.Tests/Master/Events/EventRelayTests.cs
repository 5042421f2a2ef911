using System.Text;
using Luminarys.Cluster.Master.Events;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Luminarys.Cluster.Tests.Master.Events;

/// <summary>The relay with hand-made nodes.</summary>
public sealed class EventRelayTests : IAsyncDisposable
{
    private readonly MasterDesk _desk = new();
    private readonly List<string> _heard = [];
    private TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task Event_InTheNameOfAnothersSkill_IsDropped(bool isDefended, int expected)
    {
        await using var relay = await RelayAsync(new() { CallerOwnership = isDefended });
        await using var slave = _desk.Slave();
        await slave.ConnectAsync();

        await slave.TellAsync(News("forged", "b"));
        await EndAsync(slave);

        Assert.Equal(expected, _heard.Count);
    }

    [Theory]
    [InlineData(true, 2 * EventBudget.Events)]
    [InlineData(false, 3000)]
    public async Task Flood_OfANode_IsCut(bool isDefended, int expected)
    {
        await using var relay = await RelayAsync(new() { EventRates = isDefended });
        await using var slave = _desk.Slave();
        await using var other = _desk.Slave("slave-2", 2);
        await slave.ConnectAsync();
        await other.ConnectAsync();

        for (var number = 0; number < 3000; number++)
        {
            await slave.TellAsync(News("flood", "a"));
        }

        await EndAsync(other, "b");

        Assert.Equal(expected, _heard.Count);
    }

    [Fact]
    public async Task Budget_FillsAgainWithTime()
    {
        await using var relay = await RelayAsync(new());
        await using var slave = _desk.Slave();
        await slave.ConnectAsync();
        for (var number = 0; number < 3000; number++)
        {
            await slave.TellAsync(News("flood", "a"));
        }

        await using var other = _desk.Slave("slave-2", 2);
        await other.ConnectAsync();
        await EndAsync(other, "b");

        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await EndAsync(slave);

        Assert.Equal(2 * EventBudget.Events, _heard.Count);
    }

    [Fact]
    public async Task Event_OfAFormerProcess_IsDropped()
    {
        await using var relay = await RelayAsync(new());
        await using var former = _desk.Slave(instance: 9);
        await using var slave = _desk.Slave();
        await former.ConnectAsync();
        await slave.ConnectAsync();

        await former.TellAsync(News("former", "a"));
        await EndAsync(slave);

        Assert.Empty(_heard);
    }

    private static SkillEvent News(string text, string skill) => new("news", Encoding.UTF8.GetBytes(text), new(skill));

    private async Task<EventRelay> RelayAsync(ClusterDefences defences)
    {
        var relay = new EventRelay(_desk.Link, _desk.Self, () => _desk.Members, _desk.Listeners, NullLogger.Instance, defences);
        _desk.Listeners.Subscribe("news", heard => _heard.Add(Encoding.UTF8.GetString(heard.Payload.Span)));
        _desk.Listeners.Subscribe("end", _ => _end.TrySetResult());
        await _desk.ListenAsync(MessageTypes.Event, relay.OnEvent);
        return relay;
    }

    // All nodes' events come on one subscription, in order.
    private async Task EndAsync(HandmadeNode node, string skill = "a")
    {
        await node.TellAsync(new("end", default, new(skill)));
        await _end.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }
}
