using Luminarys.Cluster.Deployment;
using Luminarys.Cluster.Master.Values;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.State;
using Microsoft.Extensions.Logging.Abstractions;

namespace Luminarys.Cluster.Tests.Master.Values;

/// <summary>The desk with hand-made nodes.</summary>
public sealed class ValueDeskTests : IAsyncDisposable
{
    private static readonly ValueKey s_key = new("", "key");
    private readonly MasterDesk _desk = new();
    private readonly GatedStore _store = new();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Theory]
    [InlineData(true, InvocationError.Denied)]
    [InlineData(false, InvocationError.None)]
    public async Task Request_ForAValueOfTheMastersSkill_IsDenied(bool isDefended, InvocationError expected)
    {
        await using var values = await DeskAsync(new() { PrivateValues = isDefended });
        await using var slave = _desk.Slave();
        await slave.ConnectAsync();
        var own = new ValueKey("a", "secret");
        await _store.SaveValueAsync(own, "mine"u8.ToArray(), 1000, TestContext.Current.CancellationToken);

        var answer = await slave.AskAsync(new(KeyValueOperation.Get, own, default));

        Assert.Equal(expected, answer!.Value.Body!.Code);
        Assert.Equal(isDefended, answer.Value.Body.Value is null);
    }

    [Fact]
    public async Task Flood_OfOneNode_LeavesPlacesToOthers()
    {
        await using var values = await DeskAsync(new());
        await using var slave = _desk.Slave();
        await using var other = _desk.Slave("slave-2", 2);
        await slave.ConnectAsync();
        await other.ConnectAsync();
        _store.Gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        var asked = Enumerable.Range(0, 200).Select(_ => slave.AskAsync(new(KeyValueOperation.Set, s_key, "1"u8.ToArray()))).ToList();
        var refused = new List<Task<ControlAnswer?>>();
        while (refused.Count < 200 - ValueDesk.CapacityOfNode)
        {
            var ended = await Task.WhenAny(asked).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            asked.Remove(ended);
            refused.Add(ended);
        }

        var last = other.AskAsync(new(KeyValueOperation.Set, s_key, "2"u8.ToArray()));
        _store.Gate.SetResult();

        Assert.Equal(InvocationError.None, (await last)!.Value.Body!.Code);
        Assert.All(refused, answer => Assert.Equal(InvocationError.Busy, answer.Result!.Value.Body!.Code));
        Assert.All(await Task.WhenAll(asked), answer => Assert.Equal(InvocationError.None, answer!.Value.Body!.Code));
        Assert.Equal("2"u8.ToArray(), (await _store.FindValueAsync(s_key, TestContext.Current.CancellationToken))!.Value.ToArray());
    }

    [Fact]
    public async Task Store_ThatFails_IsAnInternalErrorAndNotTheEnd()
    {
        await using var values = await DeskAsync(new());
        await using var slave = _desk.Slave();
        await slave.ConnectAsync();

        _store.Failure = new("the disk is gone");
        Assert.Equal(InvocationError.Internal, (await slave.AskAsync(new(KeyValueOperation.Get, s_key, default)))!.Value.Body!.Code);
        _store.Failure = null;
        Assert.Equal(InvocationError.None, (await slave.AskAsync(new(KeyValueOperation.Get, s_key, default)))!.Value.Body!.Code);
    }

    [Fact]
    public async Task SameRequestTwice_ChangesNothing()
    {
        await using var values = await DeskAsync(new());
        await using var slave = _desk.Slave();
        await slave.ConnectAsync();
        var set = new KeyValueMessage(KeyValueOperation.Set, s_key, "1"u8.ToArray());

        Assert.Equal(InvocationError.None, (await slave.AskAsync(set))!.Value.Body!.Code);
        Assert.Equal(InvocationError.None, (await slave.AskAsync(set))!.Value.Body!.Code);

        Assert.Equal("1"u8.ToArray(), (await slave.AskAsync(new(KeyValueOperation.Get, s_key, default)))!.Value.Body!.Value!.Value.ToArray());
    }

    private async Task<ValueDesk> DeskAsync(ClusterDefences defences)
    {
        var values = new ValueDesk(_desk.Link, _desk.Self, () => _desk.Members, new LocalValues(_store), NullLogger.Instance, defences);
        await _desk.ListenAsync(MessageTypes.KeyValue, values.OnRequest);
        return values;
    }
}
