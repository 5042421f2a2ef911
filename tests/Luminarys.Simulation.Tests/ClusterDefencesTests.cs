using Luminarys.Cluster;

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
    public void Epochs_TurnedOff_LetTheWrongMasterIn() => Breaks(new() { Epochs = false }, "R-2");

    [Fact]
    public void ClockEcho_TurnedOff_LetsOldCallsBegin() => Breaks(new() { ClockEcho = false }, "C-5");

    [Fact]
    public void ListRevisions_TurnedOff_LetOldListsBack() => Breaks(new() { ListRevisions = false }, "R-2");

    [Fact]
    public void CopyRevisions_TurnedOff_LetOldRegistriesBack() => Breaks(new() { CopyRevisions = false }, "R-2");

    [Fact]
    public void Incarnations_TurnedOff_LetOldProcessesBack() => Breaks(new() { Incarnations = false }, "R-2");

    [Fact]
    public void LocalHealth_TurnedOff_AccusesTheHealthy() => Breaks(new() { LocalHealth = false }, "R-4");

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
