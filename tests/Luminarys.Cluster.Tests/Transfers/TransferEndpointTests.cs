using System.Security.Cryptography;
using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Protocol.Transfers;
using Luminarys.Cluster.Transfers;
using Luminarys.Events;
using Luminarys.Transfers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Luminarys.Cluster.Tests.Transfers;

public sealed class TransferEndpointTests
{
    private static readonly byte[] s_content = [.. Enumerable.Range(0, 5_000_000).Select(i => (byte)(i * 7))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task T1_Push_ArrivesWhole()
    {
        await using var stage = new TransferStage();
        var own = OwnFiles();

        var report = await stage[stage.A].CopyAsync(TransferStage.Plan(stage.A, "/own/file", stage.B, "/out/file", stage.A), own, Token);

        Assert.Equal((TransferFault.None, TransferPhase.Ended, 5_000_000L), (report.Fault, report.Phase, report.Durable));
        Assert.Equal(s_content, stage.Files[stage.B].Find("/out/file"));
    }

    [Fact]
    public async Task T1_NoRelayButABus_ArrivesWhole()
    {
        await using var stage = new TransferStage(new LoopbackHub(NullLoggerFactory.Instance)) { RelayFault = RelayFault.Unreachable };
        var own = OwnFiles();

        var report = await stage[stage.A].CopyAsync(TransferStage.Plan(stage.A, "/own/file", stage.B, "/out/file", stage.A), own, Token);

        Assert.Equal((TransferFault.None, 1u), (report.Fault, report.Attempt));
        Assert.Equal(s_content, stage.Files[stage.B].Find("/out/file"));
    }

    [Fact]
    public async Task T1_Pull_ArrivesWhole()
    {
        await using var stage = new TransferStage();
        stage.Files[stage.B].Contents["/data/file"] = s_content;
        var own = OwnFiles();

        var report = await stage[stage.A].CopyAsync(TransferStage.Plan(stage.B, "/data/file", stage.A, "/own/copy", stage.A), own, Token);

        Assert.Equal(TransferFault.None, report.Fault);
        Assert.Equal(s_content, own.Find("/own/copy"));
        Assert.Null(stage.Files[stage.A].Find("/own/copy"));
    }

    [Fact]
    public async Task T1_MasterAtEitherEnd_Works()
    {
        await using var stage = new TransferStage();
        stage.Files[stage.Self].Contents["/data/file"] = s_content;
        var own = OwnFiles();

        var pulled = await stage[stage.A].CopyAsync(TransferStage.Plan(stage.Self, "/data/file", stage.A, "/own/copy", stage.A), own, Token);
        var pushed = await stage[stage.Self].CopyAsync(TransferStage.Plan(stage.Self, "/own/file", stage.B, "/out/file", stage.Self), own, Token);

        Assert.Equal((TransferFault.None, TransferFault.None), (pulled.Fault, pushed.Fault));
        Assert.Equal(s_content, stage.Files[stage.B].Find("/out/file"));
    }

    [Fact]
    public async Task T1_BothEndsOnOneNode_NeedNoRelay()
    {
        await using var stage = new TransferStage { RelayFault = RelayFault.Unreachable };
        var own = OwnFiles();

        var report = await stage[stage.A].CopyAsync(TransferStage.Plan(stage.A, "/own/file", stage.A, "/out/copy", stage.A), own, Token);

        Assert.Equal(TransferFault.None, report.Fault);
        Assert.Equal(s_content, stage.Files[stage.A].Find("/out/copy"));
    }

    [Fact]
    public async Task T4_ChannelThatBreaksTwice_IsResumedFromWhatIsDurable()
    {
        await using var stage = new TransferStage
        {
            Alter = (attempt, at, chunk) => attempt < 3 && at > 1_500_000 ? throw new IOException("cut") : chunk,
        };

        var report = await stage[stage.A].CopyAsync(TransferStage.Plan(stage.A, "/own/file", stage.B, "/out/file", stage.A), OwnFiles(), Token);

        Assert.Equal((TransferFault.None, 3u), (report.Fault, report.Attempt));
        Assert.Equal(s_content, stage.Files[stage.B].Find("/out/file"));
        Assert.InRange(stage.Files[stage.B].Incoming.Values.Single().Written, s_content.Length, s_content.Length + (2 * 2 * 1024 * 1024) + (2 * 1024 * 1024));
    }

    [Theory]
    [InlineData("/closed/file", "/out/file", "node 'a'")]
    [InlineData("/own/file", "/closed/file", "node 'b'")]
    public async Task T11_EitherEndRefuses_AndSaysWhich(string from, string to, string side)
    {
        await using var stage = new TransferStage();

        var report = await stage[stage.A].CopyAsync(TransferStage.Plan(stage.A, from, stage.B, to, stage.A), OwnFiles(), Token);

        Assert.Equal(TransferFault.Denied, report.Fault);
        Assert.Contains(side, report.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T11_NodeThatIsNotAllowed_NeitherGetsNorGives()
    {
        await using var stage = new TransferStage("b");
        stage.Files[stage.B].Contents["/data/file"] = s_content;

        var pushed = await stage[stage.A].CopyAsync(TransferStage.Plan(stage.A, "/own/file", stage.B, "/out/file", stage.A), OwnFiles(), Token);
        var pulled = await stage[stage.A].CopyAsync(TransferStage.Plan(stage.B, "/data/file", stage.A, "/own/copy", stage.A), OwnFiles(), Token);

        Assert.Equal((TransferFault.Denied, TransferFault.Denied), (pushed.Fault, pulled.Fault));
        Assert.Contains("node 'b'", pushed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T11_OfferThatNobodyAskedFor_IsRefused()
    {
        await using var stage = new TransferStage();
        var plan = TransferStage.Plan(stage.A, "/own/file", stage.B, "/own/stolen", stage.B);
        var offer = TransferWire.ToBytes(new TransferOffer(plan, 5, 1, 10, 1, UnixFileMode.UserRead));

        var answer = await stage.Coordinator.TakeAsync(stage.A, new(TransferAct.Offer, 5) { Offer = offer }, Token);
        var direct = await stage[stage.B].TakeAsync(
            new(TransferAct.Offer, 5) { Offer = offer, Ticket = new(5, TransferRole.Sink, stage.B, DateTimeOffset.MaxValue) }, Token);

        Assert.NotEqual(TransferFault.None, answer.Fault);
        Assert.Equal(TransferFault.Denied, direct.Fault);
    }

    [Fact]
    public async Task T11_NodeThatSpeaksForAnother_IsRefused()
    {
        await using var stage = new TransferStage();
        var plan = TransferStage.Plan(stage.B, "/data/file", stage.A, "/out/file", stage.B);

        Assert.Equal(TransferFault.Denied, (await stage.Coordinator.TakeAsync(stage.A, new(TransferAct.Start, 5) { Plan = plan }, Token)).Fault);
        Assert.Equal(TransferFault.Denied, (await stage.Coordinator.TakeAsync(stage.A, new(TransferAct.List, 0), Token)).Fault);
        Assert.Equal(TransferFault.NotFound, (await stage.Coordinator.TakeAsync(stage.A, new(TransferAct.Cancel, 5), Token)).Fault);
        Assert.Equal(
            TransferFault.Denied,
            (await stage.Coordinator.TakeAsync(stage.A, new(TransferAct.Report, 5) { Report = new(5, plan, TransferPhase.Ended) }, Token)).Fault);
    }

    [Fact]
    public async Task Operator_CopiesBetweenTwoNodes_AndSeesItInTheList()
    {
        await using var stage = new TransferStage();
        stage.Files[stage.A].Contents["/data/file"] = s_content;
        var plan = TransferStage.Plan(stage.A, "/data/file", stage.B, "/out/file", stage.Operator);

        var begun = await stage.Coordinator.TakeAsync(stage.Operator, new(TransferAct.Start, 9) { Plan = plan }, Token);
        var end = await WaitAsync(stage, 9);

        Assert.Equal((TransferFault.None, TransferFault.None), (begun.Fault, end.Fault));
        Assert.Equal(s_content, stage.Files[stage.B].Find("/out/file"));
        TransferReport listed;
        do
        {
            listed = (await stage.Coordinator.TakeAsync(stage.Operator, new(TransferAct.List, 0), Token)).Reports.Single();
            await Task.Yield();
        }
        while (listed.Phase != TransferPhase.Ended);
        Assert.Equal(end, listed);
    }

    [Fact]
    public async Task Events_OfAFileThatArrivesAtTheSecondAttempt_TellItsWholeWay()
    {
        await using var stage = new TransferStage
        {
            Alter = (attempt, at, chunk) => attempt < 2 && at > 1_500_000 ? throw new IOException("cut") : chunk,
        };

        await stage[stage.A].CopyAsync(TransferStage.Plan(stage.A, "/own/file", stage.B, "/out/file", stage.A), OwnFiles(), Token);
        var events = await EventsAsync(stage);

        var begun = Assert.IsType<TransferStarted>(events[0]).Progress;
        Assert.Equal(("a:///own/file", "b:///out/file", s_content.Length, 1), (begun.Source.ToString(), begun.Destination.ToString(), begun.Length, begun.Attempt));
        Assert.Contains(events, told => told is TransferProgressed { Progress.Attempt: 2 });
        var end = Assert.IsType<TransferCompleted>(events[^1]).Progress;
        Assert.Equal((true, s_content.Length, s_content.Length, Convert.ToHexStringLower(SHA256.HashData(s_content))), (end.IsDone, end.Sent, end.Stored, end.Hash?.Hex));
        Assert.All(events[1..^1], told => Assert.IsType<TransferProgressed>(told));
    }

    [Fact]
    public async Task Events_OfAFileThatIsRefused_TellThatOnly()
    {
        await using var stage = new TransferStage();

        await stage[stage.A].CopyAsync(TransferStage.Plan(stage.A, "/own/file", stage.B, "/closed/file", stage.A), OwnFiles(), Token);

        Assert.Equal(TransferFault.Denied, Assert.IsType<TransferFailed>(Assert.Single(await EventsAsync(stage))).Progress.Fault);
    }

    [Fact]
    public async Task Operator_WhoseSourceDoesNotShare_SeesItAsFailed()
    {
        await using var stage = new TransferStage("b");
        var plan = TransferStage.Plan(stage.B, "/data/file", stage.A, "/out/file", stage.Operator);

        var begun = await stage.Coordinator.TakeAsync(stage.Operator, new(TransferAct.Start, 9) { Plan = plan }, Token);

        Assert.Equal(TransferFault.Denied, begun.Fault);
        var listed = (await stage.Coordinator.TakeAsync(stage.Operator, new(TransferAct.List, 0), Token)).Reports.Single();
        Assert.Equal((TransferPhase.Ended, TransferFault.Denied), (listed.Phase, listed.Fault));
        Assert.IsType<TransferFailed>(Assert.Single(await EventsAsync(stage)));
    }

    [Fact]
    public async Task T2_MasterThatForgets_IsAskedAgain()
    {
        await using var stage = new TransferStage();
        stage.Files[stage.B].Contents["/data/file"] = s_content;
        stage.Alter = (attempt, at, chunk) =>
        {
            if (attempt == 1 && at > 1_000_000)
            {
                stage.RestartMaster();
                throw new IOException("cut");
            }

            return chunk;
        };

        var report = await stage[stage.A].CopyAsync(TransferStage.Plan(stage.B, "/data/file", stage.A, "/own/copy", stage.A), OwnFiles(), Token);

        Assert.Equal(TransferFault.None, report.Fault);
    }

    [Fact]
    public async Task Relay_ThatIsNotThere_IsNamed()
    {
        await using var stage = new TransferStage { RelayFault = RelayFault.Unreachable };

        var report = await stage[stage.A].CopyAsync(TransferStage.Plan(stage.A, "/own/file", stage.B, "/out/file", stage.A), OwnFiles(), Token);

        Assert.Equal((TransferFault.NoCarrier, 5u), (report.Fault, report.Attempt));
        Assert.Contains("relay:4223", report.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_InTheMiddle_EndsBothSides()
    {
        await using var stage = new TransferStage();
        using var stop = new CancellationTokenSource();
        stage.Alter = (_, at, chunk) =>
        {
            if (at > 1_000_000)
            {
                stop.Cancel();
            }

            return chunk;
        };

        var report = await stage[stage.A].CopyAsync(TransferStage.Plan(stage.A, "/own/file", stage.B, "/out/file", stage.A), OwnFiles(), stop.Token);
        await stage[stage.B].DrainAsync();

        Assert.Equal(TransferFault.Cancelled, report.Fault);
        Assert.Null(stage.Files[stage.B].Find("/out/file"));
    }

    [Fact]
    public async Task NodeThatIsNotThere_IsNamed()
    {
        await using var stage = new TransferStage();

        var report = await stage[stage.A].CopyAsync(TransferStage.Plan(stage.A, "/own/file", new("nowhere"), "/out/file", stage.A), OwnFiles(), Token);

        Assert.Equal(TransferFault.NoSuchNode, report.Fault);
        Assert.Contains("nowhere", report.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drain_EndpointThatStops_TakesNothingMore()
    {
        await using var stage = new TransferStage();
        await stage[stage.B].DrainAsync();

        var report = await stage[stage.A].CopyAsync(TransferStage.Plan(stage.A, "/own/file", stage.B, "/out/file", stage.A), OwnFiles(), Token);

        Assert.Equal(TransferFault.Draining, report.Fault);
    }

    private static MemoryFiles OwnFiles() => new() { Contents = { ["/own/file"] = s_content } };

    private static async Task<TransferReport> WaitAsync(TransferStage stage, UInt128 transfer)
    {
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(30);)
        {
            var answer = await stage.Coordinator.TakeAsync(stage.Operator, new(TransferAct.Status, transfer), Token);
            if (answer.Reports.FirstOrDefault() is { Phase: TransferPhase.Ended } end)
            {
                return end;
            }

            await Task.Yield();
        }

        throw new TimeoutException("The transfer did not end.");
    }

    // The end is told after whoever waited has it.
    private static async Task<List<IDomainEvent>> EventsAsync(TransferStage stage)
    {
        while (!stage.Events.Any(told => told is TransferCompleted or TransferFailed))
        {
            await Task.Delay(5, Token);
        }

        return [.. stage.Events];
    }
}
