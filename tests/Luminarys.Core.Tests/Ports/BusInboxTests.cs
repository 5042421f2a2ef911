using System.Buffers;
using Luminarys.Ports;

namespace Luminarys.Core.Tests.Ports;

public sealed class BusInboxTests
{
    private readonly List<(BusMessageKind Kind, byte[] Payload)> _handled = [];
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task TryDeliver_FullWithNotify_TakesAsManyNoticesAndThenRefuses()
    {
        var inbox = await BlockedAsync(BusOverflow.Notify, capacity: 3);

        var taken = Enumerable.Range(0, 8).Select(number => Deliver(inbox, (byte)number)).ToList();

        Assert.Equal([true, true, true, true, true, true, false, false], taken);
        await OpenAsync();
        BusMessageKind[] kinds = [.. Enumerable.Repeat(BusMessageKind.Data, 4), .. Enumerable.Repeat(BusMessageKind.Overflow, 3)];
        Assert.Equal(kinds, _handled.Select(message => message.Kind));
        Assert.Equal<byte>([255, 0, 1, 2, 3, 4, 5], _handled.Select(message => message.Payload[0]));
    }

    [Fact]
    public async Task TryDeliver_FullWithReconnect_Refuses()
    {
        var inbox = await BlockedAsync(BusOverflow.Reconnect, capacity: 2);
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(number => Deliver(inbox, (byte)number)));
        await OpenAsync();
        Assert.Equal(3, _handled.Count);
    }

    [Fact]
    public async Task TryDeliver_FullOfBytes_Refuses()
    {
        var inbox = await BlockedAsync(BusOverflow.Reconnect, capacity: 1000);
        var half = new ReadOnlySequence<byte>(new byte[BusInbox.MaxBytes / 2]);

        Assert.True(inbox.TryDeliver("a", null, half, BusMessageKind.Data));
        Assert.True(inbox.TryDeliver("a", null, half, BusMessageKind.Data));
        Assert.False(inbox.TryDeliver("a", null, half, BusMessageKind.Data));
        await OpenAsync();
        Assert.True(inbox.IsEmpty);
    }

    [Fact]
    public async Task TryDeliver_PayloadInPiecesAndReused_IsCopiedWhole()
    {
        var inbox = await BlockedAsync(BusOverflow.Notify, capacity: 10);
        var bytes = new byte[] { 1, 2, 3 };
        var first = new Piece(bytes.AsMemory(0, 1));
        var last = first.Append(bytes.AsMemory(1));

        inbox.TryDeliver("a", null, new ReadOnlySequence<byte>(first, 0, last, 2), BusMessageKind.Data);
        Array.Clear(bytes);

        await OpenAsync();
        Assert.Equal<byte>([1, 2, 3], _handled[1].Payload);
    }

    [Fact]
    public async Task Close_WhileMessagesWait_ForgetsThem()
    {
        var inbox = await BlockedAsync(BusOverflow.Notify, capacity: 10);
        Deliver(inbox, 1);

        inbox.Close();

        Assert.True(Deliver(inbox, 2));
        await OpenAsync();
        Assert.Single(_handled);
    }

    [Fact]
    public async Task Handler_Throws_IsReportedAndTheNextMessageFollows()
    {
        var failures = new List<Exception>();
        var inbox = new BusInbox((in message) => throw new InvalidOperationException(message.Subject), BusOverflow.Notify, 10);
        inbox.HandlerFailed += failures.Add;
        var drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        inbox.Drained += () => drained.TrySetResult();

        Deliver(inbox, 1);

        await drained.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal("a", Assert.Single(failures).Message);
    }

    private static bool Deliver(BusInbox inbox, byte value) =>
        inbox.TryDeliver("a", null, new ReadOnlySequence<byte>([value]), BusMessageKind.Data);

    /// <summary>An empty inbox whose handler is busy with a first message.</summary>
    private async Task<BusInbox> BlockedAsync(BusOverflow overflow, int capacity)
    {
        var inbox = new BusInbox(Handle, overflow, capacity);
        inbox.Drained += () => _drained.TrySetResult();
        Deliver(inbox, 255);
        await _entered.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        return inbox;
    }

    private Task OpenAsync()
    {
        _open.SetResult();
        return _drained.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    private void Handle(in BusMessage message)
    {
        _entered.TrySetResult();
        _open.Task.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
        _handled.Add((message.Kind, message.Payload.ToArray()));
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
