using Luminarys.Cluster.Master;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Registry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Cluster.Tests.Master;

public sealed class RemoteInvokerTests : IAsyncDisposable
{
    private static readonly RegistryEntry s_entry = new(Samples.Skill("far"), new("slave-1"));
    private readonly FakeTimeProvider _time = new();
    private readonly GatedBus _control = new();
    private readonly GatedBus _traffic = new();
    private readonly PeerTable _peers = new();
    private readonly CancellationTokenSource _caller = new();
    private readonly RemoteInvoker _remote;

    public RemoteInvokerTests()
    {
        var outbox = new Outbox(new(new("test"), new("master"), NodeRole.Master));
        var buses = new NodeBuses(_control, _traffic);
        var probe = new InstanceProbe(new(_control, outbox, _time), outbox, _control);
        var link = new MasterLink(buses, outbox, new(new(new("test"), new("master"), NodeRole.Master), NullLogger.Instance), probe, new(_time));
        _remote = new(link, _peers, new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15)));
        SetPeer(isSuspect: false);
    }

    public async ValueTask DisposeAsync()
    {
        await _remote.DisposeAsync();
        _caller.Dispose();
    }

    [Fact]
    public async Task CallerGivesUp_WhileTheBusKeepsTheMessage_IsCancelledHereAndThere()
    {
        var call = InvokeAsync();

        await _caller.CancelAsync();

        Assert.Equal(InvocationError.Cancelled, await ErrorAsync(call));
        Assert.Equal("lm.v1.test.n.slave-1.cancel", Assert.Single(_control.Subjects));
    }

    [Fact]
    public async Task DeadlinePasses_WhileTheBusKeepsTheMessage_TheCallEnds()
    {
        var call = InvokeAsync(Deadline.After(TimeSpan.FromSeconds(1), _time));

        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(InvocationError.Deadline, await ErrorAsync(call));
    }

    [Fact]
    public async Task BusThrows_TheCallerGetsTheDefect_AndNothingIsLeft()
    {
        var call = InvokeAsync();

        _traffic.Gate.SetException(new InvalidOperationException("defect"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => ErrorAsync(call));
        while (_remote.Count > 0)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task CallerGivesUp_WhileTheNodeIsProbed_IsAnsweredCancelled()
    {
        SetPeer(isSuspect: true);
        _control.Gate.SetResult(InvocationError.None);
        var call = InvokeAsync();

        await _caller.CancelAsync();

        Assert.Equal(InvocationError.Cancelled, await ErrorAsync(call));
    }

    [Fact]
    public async Task AfterTheEnd_NothingBegins()
    {
        _remote.EndAll(InvocationError.CancelledByDrain, "stop");

        Assert.Equal(InvocationError.Draining, await ErrorAsync(InvokeAsync()));
        Assert.Equal(0, _remote.Count);
    }

    private void SetPeer(bool isSuspect) => _peers.Set(new(new("slave-1"), Samples.Instance(1), isSuspect, 0, TimeSpan.Zero));

    private Task<InvocationResult> InvokeAsync(Deadline? deadline = null)
    {
        var invocation = new Invocation(
            CallId.New(TimeProvider.System), new("far"), "echo", ReadOnlyMemory<byte>.Empty, Caller.Edge, deadline ?? Deadline.Never);
        return _remote.InvokeAsync(s_entry, invocation, 1, _caller.Token).AsTask();
    }

    private static async Task<InvocationError> ErrorAsync(Task<InvocationResult> call) =>
        (await call.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).Error;
}
