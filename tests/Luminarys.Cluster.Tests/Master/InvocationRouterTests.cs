using System.Diagnostics.Metrics;
using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Master;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Diagnostics;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Registry;
using Luminarys.Skills;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Cluster.Tests.Master;

public sealed class InvocationRouterTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SkillRegistry _registry = new();
    private readonly SynchronousRuntime _runtime = new();
    private readonly InvocationRouter _router;

    public InvocationRouterTests()
    {
        var identity = new NodeIdentity(new("test"), new("master"), NodeRole.Master);
        var bus = new LoopbackBus(new LoopbackHub());
        var outbox = new Outbox(identity);
        var probe = new InstanceProbe(new(bus, outbox, _time), outbox, bus);
        var link = new MasterLink(new(bus, bus), outbox, new(identity, NullLogger.Instance), probe, new(_time));
        var remote = new RemoteInvoker(link, new(), new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15)));
        _router = new(identity, _registry, _runtime, remote, _time);
        _registry.TryPublish(new(
            new(1, 1), [], [new(Samples.Skill("echo"), new("master")), new(Samples.Skill("far"), new("slave-1"))]));
    }

    public ValueTask DisposeAsync() => _runtime.DisposeAsync();

    [Fact]
    public void InvokeAsync_SkillHere_CompletesSynchronouslyAndAllocatesNothing()
    {
        var call = Call("echo");
        Assert.True(Run(call).IsSuccess);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
        {
            Run(call);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void InvokeAsync_SkillHere_NamesTheNode() => Assert.Equal("master", Run(Call("echo")).Node.Value);

    [Fact]
    public void InvokeAsync_NamedNode_RunsThereOrNowhere()
    {
        Assert.True(Run(Call("echo") with { Node = new NodeId("master") }).IsSuccess);

        var elsewhere = Run(Call("echo") with { Node = new NodeId("slave-1") });
        Assert.Equal(InvocationError.NoSuchSkill, elsewhere.Error);
        Assert.Contains("slave-1", elsewhere.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void InvokeAsync_UnknownSkill_NoSuchSkill() => Assert.Equal(InvocationError.NoSuchSkill, Run(Call("nothing")).Error);

    [Fact]
    public async Task InvokeAsync_SkillOnANodeThatIsGone_IsNotSent() => Assert.Equal(InvocationError.NotServing, (await RunAsync(Call("far"))).Error);

    [Fact]
    public async Task C3_SkillThatMovesWhileTheCallIsRepeated_RunsWhereItIsThen()
    {
        var call = _router.InvokeAsync(Call("far"), TestContext.Current.CancellationToken).AsTask();
        Assert.False(call.IsCompleted);
        _registry.TryPublish(new(new(1, 2), [], [new(Samples.Skill("far"), new("master"))]));
        while (!call.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        Assert.True((await call).IsSuccess);
    }

    [Theory]
    [InlineData(CallerKind.Edge, "echo", InvocationError.None)]
    [InlineData(CallerKind.Edge, "secret", InvocationError.NoSuchMethod)]
    [InlineData(CallerKind.Edge, "tick", InvocationError.NoSuchMethod)]
    [InlineData(CallerKind.Skill, "secret", InvocationError.None)]
    [InlineData(CallerKind.Skill, "tick", InvocationError.NoSuchMethod)]
    [InlineData(CallerKind.Self, "tick", InvocationError.None)]
    [InlineData(CallerKind.Self, "nothing", InvocationError.NoSuchMethod)]
    public void InvokeAsync_Method_IsThereForWhomItMayConcern(CallerKind kind, string method, InvocationError expected) =>
        Assert.Equal(expected, Run(Call("echo", method) with { Caller = new(kind, default) }).Error);

    [Fact]
    public void InvokeAsync_Draining_IsRefused()
    {
        _router.Drain();

        Assert.Equal(InvocationError.Draining, Run(Call("echo")).Error);
    }

    [Fact]
    public async Task RunningHere_CountsFromBeginToEnd_WhateverTheEndIs()
    {
        var release = new TaskCompletionSource<InvocationResult>();
        _runtime.Result = () => new(release.Task);
        var call = _router.InvokeAsync(Call("echo"), TestContext.Current.CancellationToken).AsTask();
        Assert.Equal(1, _router.RunningHere);
        release.SetException(new InvalidOperationException("defect"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => call);
        _runtime.Result = () => throw new InvalidOperationException("defect");
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await _router.InvokeAsync(Call("echo"), TestContext.Current.CancellationToken));

        Assert.Equal(0, _router.RunningHere);
    }

    [Fact]
    public async Task InvokeAsync_IsMeasured_ByPlaceAndOutcome()
    {
        // Named first: an instrument is published while the field that will hold it is still empty.
        var duration = LuminarysDiagnostics.CallDuration;
        var measured = new List<(string? Place, string? Error)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument == duration)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            var values = tags.ToArray().ToDictionary(tag => tag.Key, tag => (string?)tag.Value);
            lock (measured)
            {
                measured.Add((values["luminarys.place"], values["error.type"]));
            }
        });
        listener.Start();

        Run(Call("echo"));
        await RunAsync(Call("far"));

        lock (measured)
        {
            Assert.Contains(("here", null), measured);
            Assert.Contains(("elsewhere", "NOT_SERVING"), measured);
        }
    }

    private static Invocation Call(string skill, string method = "echo") =>
        new(CallId.New(TimeProvider.System), new(skill), method, ReadOnlyMemory<byte>.Empty, Caller.Edge, Deadline.Never);

    // Between attempts it waits.
    private async Task<InvocationResult> RunAsync(Invocation invocation)
    {
        var call = _router.InvokeAsync(invocation, TestContext.Current.CancellationToken).AsTask();
        while (!call.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        return await call;
    }

    private InvocationResult Run(Invocation invocation)
    {
        var call = _router.InvokeAsync(invocation, TestContext.Current.CancellationToken);
        return call.IsCompletedSuccessfully ? call.Result : throw new InvalidOperationException("the call did not complete at once");
    }

    private sealed class SynchronousRuntime : ISkillRuntime
    {
        public Func<ValueTask<InvocationResult>> Result { get; set; } = () => new(InvocationResult.Success(default));

        public ValueTask<SkillLoadResult> LoadAsync(Manifest manifest, ISkillHost host, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<SkillLoadResult> ReplaceAsync(Manifest manifest, ISkillHost host, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Activate(SkillId skill) => throw new NotSupportedException();

        public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken) => Result();

        public ValueTask<bool> UnloadAsync(SkillId skill, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
