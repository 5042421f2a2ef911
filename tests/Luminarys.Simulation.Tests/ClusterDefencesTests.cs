using Luminarys.Cluster;
using Luminarys.Cluster.Membership;
using Luminarys.Cluster.Protocol;
using Luminarys.Cluster.Slave;
using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Simulation.Tests;

/// <summary>Turns one defence off at a time: the simulator must notice, or it proves nothing about that defence.</summary>
public sealed class ClusterDefencesTests
{
    private const int Seeds = 600;

    [Fact]
    public void SpentNumbers_TurnedOff_LetCallsRunTwice() => Breaks(new() { SpentNumbers = false }, "C-2");

    [Fact]
    public void Tombstones_TurnedOff_LetCancelledCallsBegin() => Breaks(new() { Tombstones = false }, "C-3");

    [Fact]
    public void QueryTombstones_TurnedOff_LetCallsBeginThatWereNeverSeen() => Breaks(new() { QueryTombstones = false }, "C-3");

    [Fact]
    public void Epochs_TurnedOff_LetTheWrongMasterIn() => Breaks(new() { Epochs = false }, "R-2");

    [Fact]
    public void ClockEcho_TurnedOff_LetsOldCallsBegin() => Breaks(new() { ClockEcho = false }, "C-5");

    [Fact]
    public void ListRevisions_TurnedOff_LetOldListsBack() => Breaks(new() { ListRevisions = false }, "R-2");

    // A page that is older than the copy needs a change of the registry between a hello and its snapshot: too rare for seeds, so it is made by hand.
    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 2)]
    public void CopyRevisions_OldPageAfterNewDeltas_TakesTheCopyBackOnlyWhenOff(bool isOn, ulong expected)
    {
        var keeper = new CopyKeeper(new(() => 0.5, () => new(Guid.NewGuid())), ClusterDefences.All with { CopyRevisions = isOn });
        var copies = Enumerable.Range(1, 3).Select(revision => RegistryCopy.Of(new(1, (ulong)revision), Nodes(revision))).ToArray();
        Fetch(keeper, copies[0])();
        var page = Fetch(keeper, copies[1]);
        keeper.TakeDelta(1, copies[1].Since(copies[0]), TimeSpan.Zero);
        keeper.TakeDelta(1, copies[2].Since(copies[1]), TimeSpan.Zero);
        Assert.Equal(3UL, keeper.Current.Version.Revision);

        page();

        Assert.Equal(expected, keeper.Current.Version.Revision);
    }

    [Fact]
    public void Incarnations_TurnedOff_LetOldProcessesBack() => Breaks(new() { Incarnations = false }, "R-2");

    [Fact]
    public void LocalHealth_TurnedOff_AccusesTheHealthy() => Breaks(new() { LocalHealth = false }, "R-4");

    // Asks for the copy; the answer comes when the caller says so.
    private static Action Fetch(CopyKeeper keeper, RegistryCopy copy)
    {
        var request = Assert.IsType<SessionAction.Send>(keeper.Compare(copy.Version, copy.Digest, TimeSpan.Zero));
        var page = new SnapshotMessage(InvocationError.None, copy.Version.Revision, copy.Digest, HasMore: false, [.. copy.Nodes]);
        return () => keeper.TakePage(request.Id, copy.Version.Epoch, page, TimeSpan.Zero);
    }

    private static IEnumerable<NodeCopy> Nodes(int count) => Enumerable.Range(1, count).Select(
        number => new NodeCopy(new("node-" + number), NodeRole.Slave, false, 1, new((UInt128)(uint)number), default, []));

    private static void Breaks(ClusterDefences defences, string promise)
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            if (Simulation.Run(seed, defences).Broken is { } broken && broken.StartsWith(promise, StringComparison.Ordinal))
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {broken}");
                Assert.Null(Simulation.Run(seed).Broken);
                return;
            }
        }

        Assert.Fail($"{Seeds} seeds kept promise {promise} without the defence");
    }
}
