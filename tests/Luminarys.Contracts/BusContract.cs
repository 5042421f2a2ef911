using System.Text;
using Luminarys.Invocations;
using Luminarys.Ports;
using Xunit;

namespace Luminarys.Contracts;

/// <summary>What every <see cref="IBus"/> promises. An adapter's tests inherit it and start the server.</summary>
public abstract class BusContract : IAsyncLifetime
{
    private const int UsualQueue = 8192;

    private readonly string _prefix = $"t{Guid.NewGuid():N}";
    private readonly List<IBus> _buses = [];
    private BusServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract ValueTask<BusServer> StartServerAsync();

    public async ValueTask InitializeAsync() => _server = await StartServerAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var bus in _buses)
        {
            await bus.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task PublishAsync_SomeoneListens_DeliversSubjectReplySubjectAndBytes()
    {
        var (sender, receiver, recorder) = (await ConnectAsync(), await ConnectAsync(), new BusRecorder());
        await receiver.SubscribeAsync(S("a"), BusOverflow.Notify, recorder.Handle, Token);

        Assert.Equal(InvocationError.None, await sender.PublishAsync(S("a"), S("r"), "bytes"u8.ToArray(), Token));

        var message = await recorder.NextAsync("the message");
        Assert.Equal((S("a"), S("r"), BusMessageKind.Data), (message.Subject, message.ReplyTo, message.Kind));
        Assert.Equal("bytes"u8, message.Payload);
    }

    [Fact]
    public async Task PublishAsync_WithoutReplySubjectAndBytes_DeliversNullAndEmpty()
    {
        var (bus, recorder) = (await ConnectAsync(), new BusRecorder());
        await bus.SubscribeAsync(S("a"), BusOverflow.Notify, recorder.Handle, Token);

        await bus.PublishAsync(S("a"), null, default, Token);

        var message = await recorder.NextAsync("the sender's own message");
        Assert.Null(message.ReplyTo);
        Assert.Empty(message.Payload);
    }

    [Fact]
    public async Task PublishAsync_TwoSubscribers_BothGetIt()
    {
        var (sender, receiver) = (await ConnectAsync(), await ConnectAsync());
        var (one, two, three) = (new BusRecorder(), new BusRecorder(), new BusRecorder());
        await receiver.SubscribeAsync(S("a"), BusOverflow.Notify, one.Handle, Token);
        await receiver.SubscribeAsync(S("a"), BusOverflow.Notify, two.Handle, Token);
        await sender.SubscribeAsync(S("*"), BusOverflow.Notify, three.Handle, Token);

        await PublishAsync(sender, "a", 7);

        await one.ExpectAsync(7);
        await two.ExpectAsync(7);
        await three.ExpectAsync(7);
    }

    [Theory]
    [InlineData("a", "b", "a")]
    [InlineData("a", "a.b", "a")]
    [InlineData("a.b", "a", "a.b")]
    [InlineData("a.*", "a", "a.b")]
    [InlineData("a.*", "a.b.c", "a.b")]
    [InlineData("a.*.c", "a.b.d", "a.b.c")]
    [InlineData("*.b", "a.c", "x.b")]
    [InlineData("a.>", "a", "a.b")]
    [InlineData("a.>", "b.a.c", "a.b.c.d")]
    [InlineData("*.*", "a", "a.b")]
    [InlineData("A", "a", "A")]
    public async Task SubscribeAsync_Pattern_GetsWhatMatchesAndNothingElse(string pattern, string other, string matching)
    {
        var (bus, recorder) = (await ConnectAsync(), new BusRecorder());
        await bus.SubscribeAsync(S(pattern), BusOverflow.Notify, recorder.Handle, Token);
        await PublishAsync(bus, other, 1);
        await PublishAsync(bus, matching, 2);

        Assert.Equal(S(matching), (await recorder.NextAsync(matching)).Subject);
    }

    [Fact]
    public async Task PublishAsync_ManyMessages_ArriveInOrderOneAtATime()
    {
        const int Count = 5000;
        var (sender, receiver) = (await ConnectAsync(), await ConnectAsync());
        var (next, running, isOrdered) = (0, 0, true);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await receiver.SubscribeAsync(S("a"), BusOverflow.Notify, Handle, Token);

        for (var number = 0; number < Count; number++)
        {
            await PublishAsync(sender, "a", number);
        }

        await done.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.True(isOrdered);

        void Handle(in BusMessage message)
        {
            isOrdered &= Interlocked.Increment(ref running) == 1 && BitConverter.ToInt32(message.Payload.Span) == next;
            next++;
            Interlocked.Decrement(ref running);
            if (next == Count)
            {
                done.TrySetResult();
            }
        }
    }

    [Fact]
    public async Task Subscription_Disposed_GetsNothingMoreAndOthersStay()
    {
        var (bus, ended, stays) = (await ConnectAsync(), new BusRecorder(), new BusRecorder());
        var subscription = await bus.SubscribeAsync(S("a"), BusOverflow.Notify, ended.Handle, Token);
        await bus.SubscribeAsync(S("a"), BusOverflow.Notify, stays.Handle, Token);
        await PublishAsync(bus, "a", 1);
        await ended.NextAsync("the message before the end");

        await subscription.DisposeAsync();
        await subscription.DisposeAsync();
        await PublishAsync(bus, "a", 2);

        await stays.ExpectAsync(1);
        await stays.ExpectAsync(2);
        Assert.False(ended.HasMore);
    }

    [Fact]
    public async Task PublishAsync_NobodyListens_NotifiesTheSenderOnItsReplySubject()
    {
        var (sender, other, recorder, foreign) = (await ConnectAsync(), await ConnectAsync(), new BusRecorder(), new BusRecorder());
        await sender.SubscribeAsync(S("r.*"), BusOverflow.Notify, recorder.Handle, Token);
        await other.SubscribeAsync(S("r.*"), BusOverflow.Notify, foreign.Handle, Token);

        await sender.PublishAsync(S("nobody"), S("r.1"), "x"u8.ToArray(), Token);

        var notice = await recorder.NextAsync("the notice");
        Assert.Equal((S("r.1"), BusMessageKind.NoResponders), (notice.Subject, notice.Kind));
        Assert.Empty(notice.Payload);
        Assert.True(await other.FlushAsync(Token));
        Assert.False(foreign.HasMore);
    }

    [Fact]
    public async Task PublishAsync_AnswerOnReplySubject_ArrivesAsData()
    {
        var (client, server, recorder) = (await ConnectAsync(), await ConnectAsync(), new BusRecorder());
        await client.SubscribeAsync(S("r.*"), BusOverflow.Notify, recorder.Handle, Token);
        await server.SubscribeAsync(S("a"), BusOverflow.Notify, Answer, Token);

        await client.PublishAsync(S("a"), S("r.1"), "question"u8.ToArray(), Token);

        var answer = await recorder.NextAsync("the answer");
        Assert.Equal((BusMessageKind.Data, "answer to question"), (answer.Kind, Encoding.UTF8.GetString(answer.Payload)));

        // The handler's payload ends with the handler, so the answer takes its own copy first.
        void Answer(in BusMessage message) => _ = server.PublishAsync(message.ReplyTo!, null, Copy(message.Payload.Span), Token).AsTask();

        static byte[] Copy(ReadOnlySpan<byte> question) => [.. "answer to "u8, .. question];
    }

    [Fact]
    public async Task PublishAsync_BufferReused_ReceiverSeesWhatWasSent()
    {
        var (bus, recorder, buffer) = (await ConnectAsync(), new BusRecorder(), new byte[64]);
        await bus.SubscribeAsync(S("a"), BusOverflow.Notify, recorder.Handle, Token);

        for (byte value = 0; value < 100; value++)
        {
            buffer.AsSpan().Fill(value);
            await bus.PublishAsync(S("a"), null, buffer, Token);
        }

        for (byte value = 0; value < 100; value++)
        {
            Assert.All((await recorder.NextAsync("a message")).Payload, sent => Assert.Equal(value, sent));
        }
    }

    [Fact]
    public async Task C7_PublishAsync_LargestPayload_ArrivesAndOneByteMoreIsRefused()
    {
        var (bus, recorder) = (await ConnectAsync(), new BusRecorder());
        await bus.SubscribeAsync(S("a"), BusOverflow.Notify, recorder.Handle, Token);
        var largest = new byte[bus.MaxPayload];
        Random.Shared.NextBytes(largest);

        Assert.Equal(InvocationError.PayloadTooLarge, await bus.PublishAsync(S("a"), S("r"), new byte[bus.MaxPayload + 1], Token));
        Assert.Equal(InvocationError.None, await bus.PublishAsync(S("a"), S("r"), largest, Token));

        Assert.Equal(largest, (await recorder.NextAsync("the largest payload")).Payload);
        Assert.Equal(BusStatus.Up, bus.Status);
    }

    [Fact]
    public async Task Overflow_Notify_MarksWhatDidNotFitAndLosesNothing()
    {
        const int Queue = 16, Excess = 8;
        var (bus, sender, recorder, gate) = (await ConnectAsync(Queue), await ConnectAsync(), new BusRecorder(), new Gate());
        await bus.SubscribeAsync(S("a"), BusOverflow.Notify, gate.Before(recorder.Handle), Token);
        await PublishAsync(sender, "a", 0);
        await gate.EnteredAsync();

        for (var number = 1; number <= Queue + Excess; number++)
        {
            await PublishAsync(sender, "a", number, S("r"));
        }

        await SettleAsync(sender, bus);
        gate.Open();
        for (var number = 0; number <= Queue + Excess; number++)
        {
            var message = await recorder.NextAsync($"message {number}");
            Assert.Equal((number, number <= Queue ? BusMessageKind.Data : BusMessageKind.Overflow), (message.Number, message.Kind));
            Assert.Equal(number == 0 ? null : S("r"), message.ReplyTo);
        }

        Assert.Equal(BusStatus.Up, bus.Status);
    }

    [Fact]
    public async Task Overflow_Reconnect_DropsTheConnectionAndComesBack()
    {
        const int Queue = 16;
        var (bus, sender, recorder, gate) = (await ConnectAsync(Queue), await ConnectAsync(), new BusRecorder(), new Gate());
        var statuses = new BusStatusRecorder(bus);
        await bus.SubscribeAsync(S("a"), BusOverflow.Reconnect, gate.Before(recorder.Handle), Token);
        await PublishAsync(sender, "a", 0);
        await gate.EnteredAsync();

        for (var number = 1; number <= Queue + 1; number++)
        {
            await PublishAsync(sender, "a", number);
        }

        await statuses.ExpectAsync(BusStatus.Down);
        gate.Open();
        await statuses.ExpectAsync(BusStatus.Up);
        await PublishAsync(sender, "a", 1000);
        for (var number = 0; number <= Queue; number++)
        {
            await recorder.ExpectAsync(number);
        }

        await recorder.ExpectAsync(1000);
    }

    [Fact]
    public async Task PublishAsync_WhileDown_FailsAtOnceAndIsNeverDeliveredLater()
    {
        var (bus, recorder) = (await ConnectAsync(), new BusRecorder());
        var statuses = new BusStatusRecorder(bus);
        await bus.SubscribeAsync(S("a"), BusOverflow.Notify, recorder.Handle, Token);
        await _server.StopAsync();
        await statuses.ExpectAsync(BusStatus.Down);

        var publish = bus.PublishAsync(S("a"), null, BitConverter.GetBytes(1), Token);

        Assert.True(publish.IsCompleted);
        Assert.Equal(InvocationError.BusDown, await publish);
        Assert.False(await bus.FlushAsync(Token));
        await _server.StartAsync();
        await statuses.ExpectAsync(BusStatus.Up);
        await PublishAsync(bus, "a", 2);
        await recorder.ExpectAsync(2);
    }

    [Fact]
    public async Task Reconnect_SubscriptionsOfBeforeAndMeanwhile_WorkWhenUpIsAnnounced()
    {
        var (bus, before, meanwhile, ended) = (await ConnectAsync(), new BusRecorder(), new BusRecorder(), new BusRecorder());
        var statuses = new BusStatusRecorder(bus);
        await bus.SubscribeAsync(S("a"), BusOverflow.Notify, before.Handle, Token);
        var leaving = await bus.SubscribeAsync(S("a"), BusOverflow.Notify, ended.Handle, Token);
        await _server.StopAsync();
        await statuses.ExpectAsync(BusStatus.Down);
        Assert.Equal(BusStatus.Down, bus.Status);

        await bus.SubscribeAsync(S("*"), BusOverflow.Notify, meanwhile.Handle, Token);
        await leaving.DisposeAsync();
        await _server.StartAsync();
        await statuses.ExpectAsync(BusStatus.Up);
        await PublishAsync(bus, "a", 5);

        await before.ExpectAsync(5);
        await meanwhile.ExpectAsync(5);
        Assert.False(ended.HasMore);
    }

    [Fact]
    public async Task Reconnect_Twice_ComesBackTwice()
    {
        var bus = await ConnectAsync();
        var statuses = new BusStatusRecorder(bus);
        for (var round = 0; round < 2; round++)
        {
            await _server.StopAsync();
            await statuses.ExpectAsync(BusStatus.Down);
            await _server.StartAsync();
            await statuses.ExpectAsync(BusStatus.Up);
            Assert.True(await bus.FlushAsync(Token));
        }
    }

    [Fact]
    public async Task ConnectAsync_NoServer_AnswersBusDownAndMayBeTriedAgain()
    {
        await _server.StopAsync();
        var bus = Create();

        var fault = await bus.ConnectAsync(Token);

        Assert.Equal(InvocationError.BusDown, fault?.Error);
        Assert.Equal(BusStatus.Down, bus.Status);
        await _server.StartAsync();
        Assert.Null(await bus.ConnectAsync(Token));
        Assert.Null(await bus.ConnectAsync(Token));
        Assert.Equal(BusStatus.Up, bus.Status);
    }

    [Fact]
    public async Task SubscribeAsync_BeforeTheFirstConnection_IsActiveWithIt()
    {
        var (bus, recorder) = (Create(), new BusRecorder());
        await bus.SubscribeAsync(S("a"), BusOverflow.Notify, recorder.Handle, Token);

        Assert.Equal(InvocationError.BusDown, await bus.PublishAsync(S("a"), null, default, Token));
        Assert.Null(await bus.ConnectAsync(Token));
        await PublishAsync(bus, "a", 3);

        await recorder.ExpectAsync(3);
    }

    [Fact]
    public async Task DisposeAsync_Twice_ClosesOnceAndLeavesTheOthersAlone()
    {
        var (bus, other, recorder) = (await ConnectAsync(), await ConnectAsync(), new BusRecorder());
        var statuses = new BusStatusRecorder(bus);
        var subscription = await bus.SubscribeAsync(S("a"), BusOverflow.Notify, recorder.Handle, Token);

        await bus.DisposeAsync();
        await bus.DisposeAsync();
        await subscription.DisposeAsync();

        await statuses.ExpectAsync(BusStatus.Closed);
        Assert.Equal(BusStatus.Closed, bus.Status);
        Assert.Equal(InvocationError.BusDown, await bus.PublishAsync(S("a"), null, default, Token));
        Assert.False(await bus.FlushAsync(Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await bus.ConnectAsync(Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await bus.SubscribeAsync(S("a"), BusOverflow.Notify, recorder.Handle, Token));
        await PublishAsync(other, "a", 1);
        Assert.True(await other.FlushAsync(Token));
        Assert.False(recorder.HasMore);
    }

    [Fact]
    public async Task FlushAsync_Connected_AnswersTrue()
    {
        var bus = await ConnectAsync();
        await PublishAsync(bus, "a", 1);
        Assert.True(await bus.FlushAsync(Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a.")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("a\r\nPUB b 0\r\n")]
    [InlineData("a\0")]
    [InlineData("a.*")]
    [InlineData("a.>")]
    [InlineData("a*")]
    [InlineData("ä")]
    [InlineData("\u202e")]
    public async Task PublishAsync_HostileSubject_IsRefusedAndHarmless(string hostile)
    {
        var (bus, recorder) = (await ConnectAsync(), new BusRecorder());
        await bus.SubscribeAsync(">", BusOverflow.Notify, recorder.Handle, Token);

        Assert.Equal(InvocationError.BadArgument, await bus.PublishAsync(hostile, null, default, Token));
        Assert.Equal(InvocationError.BadArgument, await bus.PublishAsync(S("a"), hostile, default, Token));
        Assert.Equal(InvocationError.BadArgument, await bus.PublishAsync(S(new string('a', 600)), null, default, Token));

        await PublishAsync(bus, "good", 1);
        Assert.Equal(S("good"), (await recorder.NextAsync("the good message")).Subject);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("a.>.b")]
    [InlineData("a*.b")]
    [InlineData("a\r\nSUB b 9")]
    public async Task SubscribeAsync_HostilePattern_Throws(string hostile)
    {
        var bus = await ConnectAsync();
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await bus.SubscribeAsync(hostile, BusOverflow.Notify, new BusRecorder().Handle, Token));
        Assert.True(await bus.FlushAsync(Token));
    }

    [Fact]
    public async Task Handler_Throws_NextMessageStillArrives()
    {
        var (bus, recorder) = (await ConnectAsync(), new BusRecorder());
        await bus.SubscribeAsync(S("a"), BusOverflow.Notify, Handle, Token);

        await PublishAsync(bus, "a", 0);
        await PublishAsync(bus, "a", 1);

        await recorder.ExpectAsync(1);

        void Handle(in BusMessage message)
        {
            if (BitConverter.ToInt32(message.Payload.Span) == 0)
            {
                throw new InvalidOperationException("The handler is broken.");
            }

            recorder.Handle(message);
        }
    }

    [Fact]
    public async Task PublishAsync_Cancelled_Throws()
    {
        var bus = await ConnectAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await bus.PublishAsync(S("a"), null, default, new CancellationToken(canceled: true)));
    }

    private static async Task SettleAsync(IBus sender, IBus receiver)
    {
        // The first flush brings everything to the server, the second everything from there.
        Assert.True(await sender.FlushAsync(Token));
        Assert.True(await receiver.FlushAsync(Token));
    }

    private string S(string subject) => subject.Length == 0 ? subject : $"{_prefix}.{subject}";

    private IBus Create(int queueLength = UsualQueue)
    {
        var bus = _server.CreateBus(queueLength);
        _buses.Add(bus);
        return bus;
    }

    private async Task<IBus> ConnectAsync(int queueLength = UsualQueue)
    {
        var bus = Create(queueLength);
        Assert.Null(await bus.ConnectAsync(Token));
        Assert.Equal(BusStatus.Up, bus.Status);
        return bus;
    }

    private async Task PublishAsync(IBus bus, string subject, int number, string? replyTo = null) =>
        Assert.Equal(InvocationError.None, await bus.PublishAsync(S(subject), replyTo, BitConverter.GetBytes(number), Token));

    /// <summary>Holds a handler until the test lets it go.</summary>
    private sealed class Gate
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public BusMessageHandler Before(BusMessageHandler handler) => (in message) =>
        {
            _entered.TrySetResult();
            _open.Task.Wait(TimeSpan.FromSeconds(30));
            handler(message);
        };

        public Task EnteredAsync() => _entered.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);

        public void Open() => _open.TrySetResult();
    }
}
