using System.Globalization;
using Luminarys.Cluster;

namespace Luminarys.Simulation.Tests;

public sealed class SimulationTests
{
    private const int FirstSeed = 1;

    [Fact]
    public void Cluster_UnderFaults_KeepsEveryPromise()
    {
        var seeds = Number("LUMINARYS_SEED") is { } one ? [one] : Enumerable.Range(FirstSeed, Number("LUMINARYS_SEEDS") ?? 200).ToArray();
        var (broken, answered, executed) = (new List<SimulationResult>(), 0, 0);
        Parallel.ForEach(
            seeds,
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken },
            seed =>
            {
                var result = Simulation.Run(seed);
                lock (broken)
                {
                    (answered, executed) = (answered + result.Answered, executed + result.Executed);
                    if (result.Broken is not null)
                    {
                        broken.Add(result);
                    }
                }
            });
        var first = broken.OrderBy(result => result.Seed).FirstOrDefault();
        Assert.True(first is null, $"{broken.Count} of {seeds.Length} seeds broke a promise; the first:\n{first}\nall: "
            + string.Join("\n", broken.OrderBy(result => result.Seed).Take(40).Select(result => $"{result.Seed}: {result.Broken}")));
        Assert.True(answered > executed / 2 && executed > 0, "no calls ran: the simulation has lost its subject");
    }

    [Fact]
    public void Seed_RunTwice_TellsTheSameStory()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            Assert.Equal(Simulation.Run(seed).ToString(), Simulation.Run(seed).ToString());
        }
    }

    private static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
