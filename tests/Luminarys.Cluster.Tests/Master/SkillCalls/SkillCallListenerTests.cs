using System.Threading.Channels;
using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Master;
using Luminarys.Cluster.Master.SkillCalls;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;
using Luminarys.Nodes;
using Luminarys.Ports;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Cluster.Tests.Master.SkillCalls;

/// <summary>The listener with a hand-made slave: messages are delivered straight to it, frames are read off the bus.</summary>
public sealed class SkillCallListenerTests : IAsyncDisposable, IInvoker
{
    private static readonly ClusterId s_cluster = new("test");
    private readonly FakeTimeProvider _time = new();
    private readonly LoopbackHub _hub = new();
    private readonly LoopbackBus _masterBus;
    private readonly LoopbackBus _slaveBus;
    private readonly NodeIdentity _master = new(s_cluster, new("master"), NodeRole.Master) { Epoch = 3 };
    private readonly NodeIdentity _slave = new(s_cluster, new("slave-1"), NodeRole.Slave) { Epoch = 3, Incarnation = 1 };
    private readonly Frames _frames = new();
    private readonly SkillCallListener _listener;
    private readonly Channel<Begun> _calls = Channel.CreateUnbounded<Begun>();
    private readonly MasterLink _link;
    private bool _isRegistered = true;

    public SkillCallListenerTests()
    {
        (_masterBus, _slaveBus) = (new(_hub), new(_hub));
        var (buses, outbox) = (new NodeBuses(_masterBus, _masterBus), new Outbox(_master));
        _link = new MasterLink(buses, outbox, new(_master, NullLogger.Instance), new(new(_masterBus, outbox, _time), outbox, _masterBus), new(_time));
        _listener = new(_link, _master, this, new(new(_time), ClusterDefences.All), Registry, NullLogger.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _masterBus.DisposeAsync();
        await _slaveBus.DisposeAsync();
    }

    [Fact]
    public async Task LongCall_IsAcknowledgedAndReported_ThenEndsOnce()
    {
        await ConnectAsync();
        Send(1);
        var call = await BegunAsync();

        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(CallFrameKind.Ack, (await _frames.NextAsync()).Body.Kind);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(CallFrameKind.Progress, (await _frames.NextAsync()).Body.Kind);
        call.End.SetResult(InvocationResult.Success("done"u8.ToArray(), "more"));

        var last = (await _frames.NextAsync()).Body;
        Assert.Equal((CallFrameKind.Result, 1UL, "more"), (last.Kind, last.Number, last.LlmContext));
    }

    [Fact]
    public async Task Call_IsMadeInTheNameThatWasChecked_WithTheTimeThatIsLeft()
    {
        await ConnectAsync();

        Send(1);

        var call = (await BegunAsync()).Call;
        Assert.Equal(new Caller(CallerKind.Skill, new("owned")), call.Caller);
        Assert.Equal(TimeSpan.FromSeconds(30), call.Deadline.Remaining(_time));
        Assert.Equal((1, call.Id), (call.Depth, call.Root));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task C5_CallThatWaitedInAPausedMaster_IsNotBegun_UnlessTheDefenceIsOff(bool isOn)
    {
        await ConnectAsync();
        var listener = new SkillCallListener(_link, _master, this, new(new(_time), ClusterDefences.All with { ClockEcho = isOn }), Registry, NullLogger.Instance);
        _time.Advance(TimeSpan.FromSeconds(100));

        // Its time is 30 s. The master's clock showed 50 s when it was last heard, 19 s before the call was sent.
        Send(1, clock: new(50_000, 19_000), listener: listener);

        if (isOn)
        {
            Assert.Equal(InvocationError.Expired, (await _frames.NextAsync()).Body.Code);
        }
        else
        {
            await BegunAsync();
        }
    }

    [Fact]
    public async Task QueueOverflow_IsBusy_AndNeverBegun()
    {
        await ConnectAsync();

        Send(1, kind: BusMessageKind.Overflow);
        Assert.Equal(InvocationError.Busy, (await _frames.NextAsync()).Body.Code);
        Send(1);
        var second = Send(2);

        Assert.Equal(second, (await BegunAsync()).Call.Id);
        Assert.Equal(0, _calls.Reader.Count);
    }

    [Fact]
    public async Task CallForAnotherMaster_IsDropped()
    {
        await ConnectAsync();

        Send(1, to: Samples.Instance(77));
        var second = Send(2);

        Assert.Equal(second, (await BegunAsync()).Call.Id);
        Assert.Equal(0, _calls.Reader.Count);
        Assert.Equal(0, _frames.Waiting);
    }

    [Fact]
    public async Task NodeThatIsGone_ItsCallsAreCancelled_AndTheirIdsAreNotBegunAgainWhileTheyEnd()
    {
        await ConnectAsync();
        var id = Send(1);
        var call = await BegunAsync();

        _isRegistered = false;
        _listener.NodesChanged();
        Assert.True(call.Token.IsCancellationRequested);
        (_isRegistered, _slave.Incarnation) = (true, 2);
        Send(1, id);

        Assert.Equal(InvocationError.Conflict, (await _frames.NextAsync()).Body.Code);
        Assert.Equal(0, _calls.Reader.Count);
    }

    [Fact]
    public async Task Close_CancelsWhatRunsAsDrained_AndRefusesWhatComes()
    {
        await ConnectAsync();
        Send(1);
        var call = await BegunAsync();
        call.Token.Register(() => call.End.SetResult(InvocationResult.Failure(InvocationError.Cancelled, "cancelled")));

        _ = _listener.CloseAsync(InvocationError.Draining).AsTask();
        Assert.Equal(InvocationError.CancelledByDrain, (await _frames.NextAsync()).Body.Code);
        Send(2);

        Assert.Equal(InvocationError.Draining, (await _frames.NextAsync()).Body.Code);
    }

    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var end = new TaskCompletionSource<InvocationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.True(_calls.Writer.TryWrite(new(invocation, end, cancellationToken)));
        return new(end.Task);
    }

    private RegistryCopy Registry() => RegistryCopy.Of(
        new(3, 1),
        _isRegistered
            ? [new(_slave.Node, NodeRole.Slave, false, _slave.Incarnation, _slave.Instance, default, [new(new("owned"), Samples.One, false)])]
            : []);

    private async Task<Begun> BegunAsync() =>
        await _calls.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    private async Task ConnectAsync()
    {
        await _masterBus.ConnectAsync(TestContext.Current.CancellationToken);
        await _slaveBus.ConnectAsync(TestContext.Current.CancellationToken);
        await _slaveBus.SubscribeAsync(
            new Subjects(s_cluster).AllFramesToNode(_slave.Node), BusOverflow.Notify, _frames.OnMessage, TestContext.Current.CancellationToken);
    }

    private CallId Send(ulong number, CallId? known = null, BusMessageKind kind = BusMessageKind.Data, InstanceId? to = null, ClockEcho? clock = null, SkillCallListener? listener = null)
    {
        var id = known ?? CallId.New(TimeProvider.System);
        using var buffer = new PooledBuffer();
        EnvelopeCodec.Write(
            buffer,
            new()
            {
                Type = MessageTypes.Call,
                Cluster = s_cluster,
                Source = _slave.Node,
                Incarnation = _slave.Incarnation,
                Instance = _slave.Instance,
                Epoch = _slave.Epoch,
                Sequence = number,
                Id = id,
                TtlMs = 30_000,
                Clock = clock,
                ToInstance = to ?? _master.Instance,
            },
            new CallMessage { Number = number, Skill = new("far"), Method = "echo", Caller = new(CallerKind.Skill, new("owned")), Depth = 1, LeftMs = 30_000 });
        (listener ?? _listener).OnCall(new(new Subjects(s_cluster).ToMaster(_slave.Node, MessageTypes.Call), null, buffer.Written.ToArray(), kind));
        return id;
    }

    private sealed record Begun(Invocation Call, TaskCompletionSource<InvocationResult> End, CancellationToken Token);
}
