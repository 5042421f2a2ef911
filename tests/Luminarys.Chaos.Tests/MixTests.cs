using System.Globalization;
using System.Text.Json;

namespace Luminarys.Chaos;

/// <summary>
/// C-1, C-2 and R-1: a steady load while every kind of harm is done, with a stranger on the bus who sends calls, cancellations and answers again.
/// Variables of the environment: <c>LUMINARYS_CHAOS_SECONDS</c> (how long), <c>LUMINARYS_CHAOS_CALLS</c> (go on until the front door took so many),
/// <c>LUMINARYS_CHAOS_RATE</c> (calls a second), <c>LUMINARYS_CHAOS_SEED</c>.
/// </summary>
[Trait("Kind", "Integration")]
public sealed class MixTests
{
    private static readonly ClusterShape s_shape = new()
    {
        Slaves = 3,
        SkillsPerSlave = 3,
        Heartbeat = TimeSpan.FromSeconds(2),
        Ttl = TimeSpan.FromSeconds(6),
        Instances = 8,
        LogLevel = "warn",
    };

    [Fact]
    public async Task Mix_EveryKindOfHarm_NoCallIsLostAnsweredTwiceOrRunTwiceAndTheRegistryHeals()
    {
        var seconds = Setting("LUMINARYS_CHAOS_SECONDS", 60);
        var calls = Setting("LUMINARYS_CHAOS_CALLS", 0);
        var seed = Setting("LUMINARYS_CHAOS_SEED", Random.Shared.Next());
        TestContext.Current.TestOutputHelper!.WriteLine($"LUMINARYS_CHAOS_SEED={seed}");
        await using var cluster = await ChaosCluster.StartAsync(s_shape);
        var history = new History();
        var deck = new FaultDeck(cluster, history, seed);
        using var enough = new CancellationTokenSource();
        using var strangerLeaves = new CancellationTokenSource();
        var load = new Workload(cluster, history, Setting("LUMINARYS_CHAOS_RATE", 180), seed).RunAsync(enough.Token);
        var stranger = RepeatAsync(cluster, strangerLeaves.Token);
        using (var harmless = new CancellationTokenSource())
        {
            var harm = deck.RunAsync(harmless.Token);
            await Eventually.HoldsAsync(
                $"{calls} calls were made",
                TimeSpan.FromSeconds(3 * seconds),
                () => Task.FromResult(history.Now.TotalSeconds > seconds && history.Taken >= calls),
                () => $"{history.Taken} calls in {history.Now.TotalSeconds:F0} s: {history.Summary()}");
            await harmless.CancelAsync();
            await harm;
            deck.StartEnded();
        }

        var healed = await cluster.WaitForSkillsAsync(cluster.Skills, cluster.HealLimit);
        var copies = await CopiesAsync(cluster, history);
        await enough.CancelAsync();
        await load;
        await strangerLeaves.CancelAsync();
        var repeated = await stranger;

        // A call whose outcome is unknown may still be running.
        await Task.Delay(s_shape.CallTimeout, TestContext.Current.CancellationToken);
        var violations = HistoryChecker.Check(history, cluster.Runs());

        TestContext.Current.SendDiagnosticMessage(
            $"{history.Taken} calls in {history.Now.TotalSeconds:F0} s, {deck.Done.Count} faults, {repeated} messages sent again; healed after {healed.TotalSeconds:F1} s, "
            + $"slaves' copies after {copies.TotalSeconds:F1} s; {history.Summary()}\n{string.Join('\n', deck.Done.Where(line => line.Contains("by itself", StringComparison.Ordinal)))}");
        Assert.True(repeated > 0, "nothing was sent again");
        Assert.True(
            violations.Count == 0,
            $"LUMINARYS_CHAOS_SEED={seed}: {violations.Count} violations\n{string.Join('\n', violations.Take(40))}\n{string.Join('\n', deck.Done)}\n{cluster.Logs}");
    }

    // The bus is restarted now and then, and a stranger has to come back as everybody else has.
    private static async Task<int> RepeatAsync(ChaosCluster cluster, CancellationToken enough)
    {
        var repeated = 0;
        while (!enough.IsCancellationRequested)
        {
            try
            {
                await using var stranger = await BusRepeater.StartAsync(cluster.BusPort, ChaosCluster.Token, Again);
                await Task.WhenAny(stranger.Ended, Task.Delay(Timeout.Infinite, enough));
                repeated += stranger.Repeated;
            }
            catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException)
            {
                await Task.Delay(100, CancellationToken.None);
            }
        }

        return repeated;
    }

    private static IReadOnlyList<TimeSpan> Again(string subject) => subject.Split('.') switch
    {
        [_, _, _, "n", _, "call" or "cancel"] => [TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(2)],
        [_, _, _, "m", _, "r", ..] => [TimeSpan.FromMilliseconds(5)],
        _ => [],
    };

    // Every slave's own copy of the registry: it names what the master lists.
    private static async Task<TimeSpan> CopiesAsync(ChaosCluster cluster, History history)
    {
        var start = history.Now;
        foreach (var slave in cluster.Slaves)
        {
            var seen = "";
            await Eventually.HoldsAsync($"the copy of {slave.Name} is complete", cluster.HealLimit, async () =>
            {
                var id = $"c-copy-{Guid.NewGuid():N}";
                var call = await cluster.CallAsync(history, id, slave.Skills[0], "registry", new { id });
                seen = $"{call.Answer}";
                return call.Answer.Outcome == CallOutcome.Result && SkillsOf(call.Answer.Text).SequenceEqual(cluster.Skills.Order(StringComparer.Ordinal));
            }, () => $"{seen}\n{cluster.Logs}");
        }

        return history.Now - start;
    }

    private static IEnumerable<string> SkillsOf(string registry)
    {
        var nodes = JsonElement.Parse(registry).GetProperty("nodes");
        return nodes.EnumerateArray().SelectMany(node => node.GetProperty("skills").EnumerateArray()).Select(skill => skill.GetString()!)
            .Order(StringComparer.Ordinal);
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
