using System.Diagnostics;

namespace Luminarys.Chaos.Transfers;

/// <summary>
/// Whoever dies, and wherever, the file has its name whole or not at all; and when the one who died is back, it can be copied: T-1 to T-3. A part of the steps by default,
/// all with <c>LUMINARYS_CRASH_POINTS=all</c>.
/// </summary>
[Trait("Kind", "Integration")]
[Collection(SharedCopyCluster.Name)]
public sealed class CrashTests(SharedCopyCluster shared)
{
    private const string Name = "file.bin";

    // Two flushes of the sink, and some more.
    private const int Length = (40 * 1024 * 1024) + 4711;

    private static readonly string[] s_some = ["source-accepted:1", "source-part-sealed:90", "sink-part-written:90", "commit-announced:1", "commit-renamed:1", "relay-part-written:50", "master-report-taken:1"];

    // Steps that a file passes more than once are tried in its middle as well.
    private static readonly string[] s_later =
    [
        "source-part-sealed:90", "source-part-sent:90", "sink-part-written:90", "relay-part-read:50", "relay-part-written:50", "relay-proved:2",
        "note-written:2", "note-flushed:3", "note-renamed:2", "note-renamed:3", "note-renamed:4", "note-named:4",
    ];

    private static bool IsAll => Environment.GetEnvironmentVariable("LUMINARYS_CRASH_POINTS") == "all";

    public static TheoryData<string, string> Steps
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (part, points) in CrashPoints.All)
            {
                foreach (var step in points.Select(point => $"{point}:1").Concat(s_later.Where(step => points.Contains(step.Split(':')[0]))))
                {
                    if (IsAll || s_some.Contains(step))
                    {
                        data.Add(part, step);
                    }
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Copy_WhosePartDiesAtAStep_IsWholeOrNotThereAndCanBeHad(string part, string step)
    {
        var cluster = await shared.GetAsync();
        var begin = Stopwatch.GetTimestamp();
        await cluster.RestartAsync(part, step);

        await CopyAsync(cluster, async () =>
        {
            Assert.Equal(137, await cluster[part].WaitForExitAsync(CopyCluster.Limit));
            cluster.Start(part);
        });
        TestContext.Current.SendDiagnosticMessage($"{step}: {Stopwatch.GetElapsedTime(begin).TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task Copy_WhoseBusDies_IsWholeOrNotThereAndCanBeHad()
    {
        var cluster = await shared.GetAsync();
        await CopyAsync(cluster, async () =>
        {
            await Eventually.HoldsAsync("some of it is there", CopyCluster.Limit, () => Task.FromResult(cluster.Remnants().Length > 0), () => cluster.Logs);
            await cluster[CopyCluster.Bus].KillAsync();
            cluster.Start(CopyCluster.Bus);
        });
    }

    // Copies a new file over the one that is there; "harm" happens meanwhile, and ends.
    private static async Task CopyAsync(CopyCluster cluster, Func<Task> harm)
    {
        var (from, to) = (cluster.PathOf(CopyCluster.Source, Name), cluster.PathOf(CopyCluster.Sink, Name));
        var content = new byte[Length];
        Random.Shared.NextBytes(content);
        await File.WriteAllBytesAsync(from, content, TestContext.Current.CancellationToken);
        var hash = NameWatch.HashOf(from);
        var remnants = cluster.Remnants();
        await using var watch = new NameWatch(to, File.Exists(to) ? NameWatch.HashOf(to) : null, hash);
        await using (var copy = cluster.BeginCopy(Name))
        {
            await harm();
            await cluster.WaitUntilReadyAsync();
            var code = await copy.WaitForExitAsync(CopyCluster.Limit);
            Assert.True(code != 0 || NameWatch.HashOf(to) == hash, $"it said that the file is there:\n{copy.Output}");
            TestContext.Current.SendDiagnosticMessage($"the copy that was hurt ended with {code}: {copy.Output.Trim()}");
            var said = copy.Output;
            await Eventually.HoldsAsync("it can be had", CopyCluster.Limit, async () =>
            {
                if (code != 0)
                {
                    await using var again = cluster.BeginCopy(Name);
                    (code, said) = (await again.WaitForExitAsync(CopyCluster.Limit), again.Output);
                }

                return code == 0;
            }, () => $"{said}\n{cluster.Logs}");
        }

        await watch.StopAsync();
        Assert.Empty(watch.Violations);
        Assert.Equal(hash, NameWatch.HashOf(to));
        Assert.Empty(cluster.Remnants().Except(remnants));
        Assert.True(watch.Looks > 10);
        TestContext.Current.SendDiagnosticMessage($"looked at the name {watch.Looks} times");
    }
}
