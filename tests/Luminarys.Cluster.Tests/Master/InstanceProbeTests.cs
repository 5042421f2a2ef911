using Luminarys.Cluster.Master;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Cluster.Tests.Master;

public sealed class InstanceProbeTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly GatedBus _bus = new();

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    [Fact]
    public async Task NotSent_NothingIsKnown()
    {
        _bus.Gate.SetResult(InvocationError.BusDown);

        Assert.Null(await ProbeAsync());
    }

    [Fact]
    public async Task NoAnswerWhileTheBusIsDown_NothingIsKnown()
    {
        _bus.Gate.SetResult(InvocationError.None);
        _bus.Status = BusStatus.Down;

        Assert.Null(await ProbeAsync());
    }

    [Fact]
    public async Task NoAnswer_TheProcessIsGone()
    {
        _bus.Gate.SetResult(InvocationError.None);

        Assert.False(await ProbeAsync());
    }

    private async Task<bool?> ProbeAsync()
    {
        var outbox = new Outbox(new(new("test"), new("master"), NodeRole.Master));
        var probe = new InstanceProbe(new(_bus, outbox, _time), outbox, _bus);
        var answer = probe.IsAliveAsync(new("slave-1"), Samples.Instance(1), TestContext.Current.CancellationToken).AsTask();
        while (!answer.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(answer, Task.Delay(1, TestContext.Current.CancellationToken));
        }

        return await answer;
    }
}
