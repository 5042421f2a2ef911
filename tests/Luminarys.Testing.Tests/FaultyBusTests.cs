using System.Collections.Concurrent;
using System.Text;
using Luminarys.Cluster.Loopback;
using Luminarys.Invocations;
using Luminarys.Ports;

namespace Luminarys.Testing.Tests;

public sealed class FaultyBusTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Loss_OfTheSameSeed_IsTheSame()
    {
        var first = await HeardAsync(new(0.3, 7), 1);

        Assert.Equal(first, await HeardAsync(new(0.3, 7), 1));
        Assert.NotEqual(first, await HeardAsync(new(0.3, 8), 1));
        Assert.NotEqual(first, await HeardAsync(new(0.3, 7), 2));
        Assert.InRange(first.Length, 50, 90);
    }

    [Theory]
    [InlineData(StallDirection.OutOfNode)]
    [InlineData(StallDirection.IntoNode)]
    public async Task Stall_OneWay_DeliversLateAndInOrder(StallDirection direction)
    {
        var hub = new LoopbackHub();
        await using var node = new FaultyBus(hub, new(0, 0), 1);
        await using var other = new LoopbackBus(hub);
        await node.ConnectAsync(Token);
        await other.ConnectAsync(Token);
        var (sender, receiver) = direction == StallDirection.OutOfNode ? ((IBus)node, (IBus)other) : (other, node);
        var heard = new ConcurrentQueue<string>();
        var end = new TaskCompletionSource();
        await receiver.SubscribeAsync("a", BusOverflow.Reconnect, Handle, Token);

        node.SetStalled(direction, true);
        for (var number = 0; number < 100; number++)
        {
            Assert.Equal(InvocationError.None, await sender.PublishAsync("a", null, Encoding.UTF8.GetBytes($"{number}"), Token));
        }

        Assert.Empty(heard);
        node.SetStalled(direction, false);
        await sender.PublishAsync("a", null, "end"u8.ToArray(), Token);
        await end.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.Equal([.. Enumerable.Range(0, 100).Select(number => $"{number}"), "end"], heard);

        void Handle(in BusMessage message)
        {
            heard.Enqueue(Encoding.UTF8.GetString(message.Payload.Span));
            if (message.Payload.Span.SequenceEqual("end"u8))
            {
                end.SetResult();
            }
        }
    }

    [Fact]
    public async Task Cut_IsNoticed()
    {
        var hub = new LoopbackHub();
        await using var node = new FaultyBus(hub, new(0, 0), 1);
        await node.ConnectAsync(Token);

        node.SetCut(true);
        Assert.Equal(BusStatus.Down, node.Status);
        Assert.Equal(InvocationError.BusDown, await node.PublishAsync("a", null, default, Token));
        node.SetCut(false);

        Assert.Equal(BusStatus.Up, node.Status);
    }

    private static async Task<string[]> HeardAsync(FaultSettings faults, int connection)
    {
        var hub = new LoopbackHub();
        await using var node = new FaultyBus(hub, faults, connection);
        await using var other = new LoopbackBus(hub);
        await node.ConnectAsync(Token);
        await other.ConnectAsync(Token);
        var heard = new ConcurrentQueue<string>();
        var end = new TaskCompletionSource();
        await other.SubscribeAsync("*", BusOverflow.Reconnect, Handle, Token);
        for (var number = 0; number < 100; number++)
        {
            await node.PublishAsync("a", null, Encoding.UTF8.GetBytes($"{number}"), Token);
        }

        await other.PublishAsync("end", null, default, Token);
        await end.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        return [.. heard];

        void Handle(in BusMessage message)
        {
            if (message.Subject == "end")
            {
                end.SetResult();
            }
            else
            {
                heard.Enqueue(Encoding.UTF8.GetString(message.Payload.Span));
            }
        }
    }
}
