using Luminarys.Invocations;
using Luminarys.Mcp.Tools;
using Luminarys.Nodes;
using Luminarys.Transfers;

namespace Luminarys.Mcp.Tests.Tools;

public sealed class TransferNotesTests : IProgress<CallProgress>
{
    private readonly List<CallProgress> _reports = [];

    [Fact]
    public void Take_TwoFilesAndASecondAttempt_CountsUpwardsOverAllOfThem()
    {
        var notes = new TransferNotes(this);

        notes.Take(File(1, 0));
        notes.Take(File(1, 60));
        notes.Take(File(1, 40));
        notes.Take(File(1, 100));
        notes.Take(File(2, 10));

        Assert.Equal([(0d, 100d), (60d, 100d), (100d, 100d), (110d, 200d)], _reports.Select(report => (report.Done, report.Total!.Value)));
        Assert.Equal("a:///x to b:///y: 60 of 100 bytes, 20 bytes/s, 2 s left", _reports[1].Message);
    }

    void IProgress<CallProgress>.Report(CallProgress value) => _reports.Add(value);

    private static TransferProgress File(int id, long sent) =>
        new((UInt128)id, new(new NodeId("a"), "/x"), new(new NodeId("b"), "/y"), TransferState.Running) { Length = 100, Sent = sent, Rate = 20 };
}
