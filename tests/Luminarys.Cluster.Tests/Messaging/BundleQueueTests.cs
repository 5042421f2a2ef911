using System.Collections.Concurrent;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Support;
using Luminarys.Invocations;

namespace Luminarys.Cluster.Tests.Messaging;

public sealed class BundleQueueTests : IAsyncDisposable
{
    private readonly GatedBus _bus = new();
    private readonly ConcurrentQueue<(int Item, InvocationError Error, Exception? Defect)> _sent = new();
    private readonly ConcurrentQueue<int> _named = new();
    private readonly BundleQueue<int> _queue;

    public BundleQueueTests() => _queue = new(_bus, "bundles", items => Name(items), (item, error, defect) => _sent.Enqueue((item, error, defect)));

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    [Fact]
    public async Task WhatComesWhileTheBusIsBusy_LeavesTogether_AndEachIsToldWhatBecameOfIt()
    {
        Add(0, 10);
        await UntilAsync(() => _bus.Subjects.Count == 1);
        for (var item = 1; item <= Bundle.MaxMessages; item++)
        {
            Add(item, 10);
        }

        _bus.Gate.SetResult(InvocationError.BusDown);
        await UntilAsync(() => _sent.Count == Bundle.MaxMessages + 1);

        Assert.Equal(["bundles", "bundles"], _bus.Subjects);
        Assert.True(Bundle.TryRead(_bus.LastPayload, out var last));
        Assert.Equal(Bundle.MaxMessages, last.Length);
        Assert.Equal(Enumerable.Range(0, Bundle.MaxMessages + 1), _sent.Select(sent => sent.Item));
        Assert.All(_sent, sent => Assert.Equal((InvocationError.BusDown, null), (sent.Error, sent.Defect)));
        Assert.Equal([0, 1], _named);
    }

    [Fact]
    public async Task ALargeOne_LeavesByItself_AndHoldsBackNobody()
    {
        _bus.Gate.SetResult(InvocationError.None);
        Add(1, 20_000);
        Add(2, 2_000_000);
        Add(3, 20_000);

        await UntilAsync(() => _sent.Count == 3);

        Assert.Equal([1, 2, 3], _sent.Select(sent => sent.Item));
    }

    [Fact]
    public async Task BusThrows_EveryoneGetsTheDefect_AndTheNextOnesAreSent()
    {
        _bus.Gate.SetException(new InvalidOperationException("defect"));
        Add(1, 10);
        await UntilAsync(() => _sent.Count == 1);
        Add(2, 10);
        await UntilAsync(() => _sent.Count == 2);

        Assert.All(_sent, sent => Assert.IsType<InvalidOperationException>(sent.Defect));
    }

    private string Name(IReadOnlyList<int> items)
    {
        _named.Enqueue(items[0]);
        return "notices";
    }

    private void Add(int item, int size)
    {
        var buffer = new PooledBuffer();
        buffer.GetSpan(size)[..size].Clear();
        buffer.Advance(size);
        _queue.Add(item, CallId.New(TimeProvider.System), buffer);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var left = 2_000; !condition(); left--)
        {
            Assert.NotEqual(0, left);
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
