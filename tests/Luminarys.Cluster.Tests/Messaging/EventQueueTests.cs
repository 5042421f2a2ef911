using System.Collections.Concurrent;
using Luminarys.Cluster.Messaging;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Cluster.Tests.Messaging;

[Collection(nameof(WholeNodes))]
public sealed class EventQueueTests
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _sent = new();

    [Theory]
    [InlineData(16, 2000, EventQueue.Capacity + 1)]
    [InlineData(256 * 1024, 100, 63)]
    public async Task Queue_BusThatHangs_HoldsABoundedNumberOfEventsAndBytes(int size, int count, int expected)
    {
        using var drops = new DroppedEvents();
        await using var queue = Queue();

        for (var number = 0; number < count; number++)
        {
            queue.Post(new(new("news", new byte[size], new("a"))), new("slave-1"));
        }

        _gate.SetResult();
        await queue.DisposeAsync();

        Assert.InRange(_sent.Count, expected - 1, expected);
        Assert.Equal(count - _sent.Count, drops.Count("queue"));
    }

    [Fact]
    public async Task Queue_SenderThatThrows_GoesOn()
    {
        var sent = 0;
        var queue = new EventQueue((_, _) => ++sent == 1 ? throw new InvalidOperationException() : ValueTask.CompletedTask, new FakeTimeProvider(), NullLogger.Instance);

        queue.Post(new(new("news", default, new("a"))), new("slave-1"));
        queue.Post(new(new("news", default, new("a"))), new("slave-1"));
        await queue.DisposeAsync();

        Assert.Equal(2, sent);
    }

    private EventQueue Queue() => new(
        async (message, _) =>
        {
            await _gate.Task;
            _sent.Enqueue(message.Event.Topic);
        },
        new FakeTimeProvider(),
        NullLogger.Instance);
}
