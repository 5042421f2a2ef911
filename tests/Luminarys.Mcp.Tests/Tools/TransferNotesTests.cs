using Luminarys.Mcp.Tools;
using Luminarys.Nodes;
using Luminarys.Transfers;
using ModelContextProtocol;

namespace Luminarys.Mcp.Tests.Tools;

public sealed class TransferNotesTests
{
    private readonly List<ProgressNotificationValue> _sent = [];

    [Fact]
    public void Take_TwoFilesAndASecondAttempt_CountsUpwardsOverAllOfThem()
    {
        var notes = new TransferNotes(Send);

        notes.Take(File(1, 0));
        notes.Take(File(1, 60));
        notes.Take(File(1, 40));
        notes.Take(File(1, 100));
        notes.Take(File(2, 10));

        Assert.Equal([(0f, 100f), (60f, 100f), (100f, 100f), (110f, 200f)], _sent.Select(note => (note.Progress, note.Total!.Value)));
        Assert.Equal("a:///x to b:///y: 60 of 100 bytes, 20 bytes/s, 2 s left", _sent[1].Message);
    }

    [Fact]
    public async Task Take_ClientThatReadsSlowly_GetsTheLatestAndTheEnd()
    {
        var first = new TaskCompletionSource();
        var notes = new TransferNotes(note => _sent.Count == 0 ? SendLaterAsync(note, first.Task) : Send(note));

        notes.Take(File(1, 10));
        notes.Take(File(1, 50));
        notes.Take(File(1, 100) with { State = TransferState.Ended });
        first.SetResult();
        while (_sent.Count < 2)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.Equal([10f, 100f], _sent.Select(note => note.Progress));
    }

    [Fact]
    public void Take_ClientThatHasLeft_IsTriedOnce()
    {
        var tries = 0;
        var notes = new TransferNotes(_ =>
        {
            tries++;
            throw new IOException("gone");
        });

        notes.Take(File(1, 10));
        notes.Take(File(1, 50));

        Assert.Equal(1, tries);
    }

    private static TransferProgress File(int id, long sent) =>
        new((UInt128)id, new(new NodeId("a"), "/x"), new(new NodeId("b"), "/y"), TransferState.Running) { Length = 100, Sent = sent, Rate = 20 };

    private Task Send(ProgressNotificationValue note)
    {
        _sent.Add(note);
        return Task.CompletedTask;
    }

    private async Task SendLaterAsync(ProgressNotificationValue note, Task until)
    {
        _sent.Add(note);
        await until;
    }
}
