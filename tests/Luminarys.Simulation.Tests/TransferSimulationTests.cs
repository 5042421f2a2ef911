using System.Globalization;
using Luminarys.Cluster.Transfers;
using Luminarys.Simulation.Transfers;

namespace Luminarys.Simulation.Tests;

public sealed class TransferSimulationTests
{
    [Fact]
    public void Transfers_UnderFaults_KeepEveryPromise()
    {
        var seeds = Number("LUMINARYS_SEED") is { } one ? [one] : Enumerable.Range(1, Number("LUMINARYS_SEEDS") ?? 400).ToArray();
        var results = seeds.AsParallel().WithDegreeOfParallelism(2).WithCancellation(TestContext.Current.CancellationToken)
            .Select(seed => TransferSimulation.Run(seed)).ToList();

        var broken = results.Where(result => result.Broken is not null).OrderBy(result => result.Seed).ToList();
        Assert.True(broken.Count == 0, $"{broken.Count} of {seeds.Length} seeds broke a promise; the first:\n{broken.FirstOrDefault()}");
        Assert.True(results.Sum(result => result.Executed) > results.Sum(result => result.Answered), "no attempt failed: the simulation has lost its faults");
        Assert.True(results.Sum(result => result.Answered) > seeds.Length, "hardly a file was copied: the simulation has lost its subject");
    }

    [Fact]
    public void Seed_RunTwice_TellsTheSameStory()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            Assert.Equal(TransferSimulation.Run(seed).ToString(), TransferSimulation.Run(seed).ToString());
        }
    }

    [Fact]
    public void Window_TurnedOff_SendsMoreThanAWindowTwice() => Breaks(new() { Window = false }, "T-4");

    [Fact]
    public void MarkAfterFlush_TurnedOff_SendsMoreThanAWindowTwice() => Breaks(new() { MarkAfterFlush = false }, "T-4");

    [Fact]
    public void WholeHash_TurnedOff_NamesAlteredFiles() => Breaks(new() { WholeHash = false }, "T-1");

    // Either hash alone finds a file that is mixed of two: seeds count that need both to be off.
    [Fact]
    public void BothHashes_TurnedOff_NameMixedFiles() =>
        Breaks(new() { PrefixHash = false, WholeHash = false }, "T-1", seed => TransferSimulation.Run(seed, new() { WholeHash = false }).Broken is null);

    [Fact]
    public void UnchangedSource_TurnedOff_NamesMixedFiles() => Breaks(new() { UnchangedSource = false }, "T-1");

    [Fact]
    public void DoneAfterCommit_TurnedOff_ConfirmsWhatHasNoName() => Breaks(new() { DoneAfterCommit = false }, "T-3");

    private static void Breaks(TransferDefences defences, string promise, Func<int, bool>? counts = null)
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            if (TransferSimulation.Run(seed, defences).Broken is { } broken && broken.StartsWith(promise, StringComparison.Ordinal) && counts?.Invoke(seed) != false)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {broken}");
                Assert.Null(TransferSimulation.Run(seed).Broken);
                return;
            }
        }

        Assert.Fail($"200 seeds kept promise {promise} without the defence");
    }

    private static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
