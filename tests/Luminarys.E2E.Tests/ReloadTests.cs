using System.Collections.Concurrent;
using System.Diagnostics;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Wasmtime;

namespace Luminarys.E2E;

/// <summary>Skills that change while real nodes serve them.</summary>
[Trait("Kind", "Integration")]
public sealed class ReloadTests
{
    private static readonly string[] s_skills = ["here", "there"];
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);

    [Fact]
    public async Task Swap_OnMasterAndSlaveUnderLoad_FailsNoCallAndMixesNoVersions()
    {
        await using var cluster = TestCluster.Start();
        await using var client = await StartAsync(cluster);
        using var enough = new CancellationTokenSource();
        var answers = new ConcurrentDictionary<string, int>();
        var begun = Stopwatch.GetTimestamp();

        var load = LoadAsync(client, answers, enough.Token);
        foreach (var (word, seen) in new[] { ("TWO", 1), ("ONE", 2), ("SIX", 3) })
        {
            foreach (var skill in s_skills)
            {
                Put(cluster, skill, word);
            }

            await Eventually.HoldsAsync(
                $"both skills say '{word}'",
                TestCluster.Patience,
                () => Task.FromResult(s_skills.All(skill => Count(cluster, $"Changed skill {skill} ") >= seen && answers.ContainsKey($"{skill}: {word} {word}"))),
                () => $"{string.Join('\n', answers)}\n{cluster.Logs}");
        }

        await enough.CancelAsync();
        var calls = await load;

        TestContext.Current.SendDiagnosticMessage(
            $"{calls} calls at {calls / Stopwatch.GetElapsedTime(begun).TotalSeconds:F0} a second: {string.Join(", ", answers.OrderBy(pair => pair.Key, StringComparer.Ordinal))}");
        Assert.Equal(s_skills.SelectMany(skill => new[] { $"{skill}: ONE ONE", $"{skill}: SIX SIX", $"{skill}: TWO TWO" }), answers.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Change_OfAManifest_IsToldToClientsAndABrokenPackageLeavesTheOldOne()
    {
        await using var cluster = TestCluster.Start();
        var told = new SemaphoreSlim(0);
        await using var client = await StartAsync(cluster, () => told.Release());

        // Another version has other methods.
        await ToldAsync(cluster, told, () => Put(cluster, "there", "TWO"));
        await Eventually.HoldsAsync("the new method is listed", TestCluster.Patience, async () => await HasToolAsync(client, "there__only_TWO"), () => cluster.Logs);

        foreach (var skill in s_skills)
        {
            Write(cluster, skill, "not a module");
            await LogsAsync(cluster, $"so skill {skill} goes on as it was");
        }

        Assert.Equal("ONE ONE", await TestCluster.CallAsync(client, "here__version", []));
        Assert.Equal("TWO TWO", await TestCluster.CallAsync(client, "there__version", []));
        foreach (var skill in s_skills)
        {
            Put(cluster, skill, "SIX");
            await Eventually.HoldsAsync(
                $"{skill} is repaired",
                TestCluster.Patience,
                async () => await TestCluster.CallAsync(client, $"{skill}__version", []) == "SIX SIX",
                () => cluster.Logs);
        }

        var manifest = Path.Combine(cluster.Folder, "here.skill.yaml");
        await ToldAsync(cluster, told, () => File.AppendAllText(manifest, "\nmcp: { mapping: per_skill }\n"));
        await Eventually.HoldsAsync("the manifest counts", TestCluster.Patience, async () => !await HasToolAsync(client, "here__version"), () => cluster.Logs);
        await ToldAsync(cluster, told, () => File.AppendAllText(manifest, "description: Another text\n"));
        await Eventually.HoldsAsync(
            "the description is listed",
            TestCluster.Patience,
            async () => (await client.ListToolsAsync()).Any(tool => tool.Description.Contains("Another text", StringComparison.Ordinal)),
            () => cluster.Logs);
    }

    private static async Task ToldAsync(TestCluster cluster, SemaphoreSlim told, Action change)
    {
        while (await told.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken))
        {
            // The change before.
        }

        change();
        Assert.True(await told.WaitAsync(TestCluster.Patience), $"no notification came\n{cluster.Logs}");
    }

    private static async Task<McpClient> StartAsync(TestCluster cluster, Action? onListChanged = null)
    {
        foreach (var skill in s_skills)
        {
            Put(cluster, skill, "ONE");
        }

        cluster.StartNode("master", "here");
        cluster.StartNode("slave-1", "there");
        var client = await cluster.ConnectAsync(onListChanged);
        await cluster.WaitForSkillsAsync(client, TestCluster.Patience, s_skills);
        return client;
    }

    private static void Put(TestCluster cluster, string skill, string word)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "version.wat")).Replace("ONE", word, StringComparison.Ordinal);
        var file = Path.Combine(cluster.Folder, $"{skill}.{word}.new");
        File.WriteAllBytes(file, Module.ConvertText(text));
        File.Move(file, Path.Combine(cluster.Folder, $"{skill}.wasm"), overwrite: true);
    }

    private static void Write(TestCluster cluster, string skill, string text) => File.WriteAllText(Path.Combine(cluster.Folder, $"{skill}.wasm"), text);

    private static int Count(TestCluster cluster, string text) => cluster.Logs.Split(text).Length - 1;

    private static Task<TimeSpan> LogsAsync(TestCluster cluster, string text) =>
        Eventually.HoldsAsync($"the log says '{text}'", TestCluster.Patience, () => Task.FromResult(Count(cluster, text) > 0), () => cluster.Logs);

    private static async Task<bool> HasToolAsync(McpClient client, string name) => (await client.ListToolsAsync()).Any(tool => tool.Name == name);

    // One every five milliseconds, but never more at once than a slow machine can take: what is measured is the swap, not the overload.
    private static async Task<int> LoadAsync(McpClient client, ConcurrentDictionary<string, int> answers, CancellationToken enough)
    {
        using var places = new SemaphoreSlim(32, 32);
        var calls = new List<Task>();
        var begun = Stopwatch.GetTimestamp();
        while (!enough.IsCancellationRequested)
        {
            var ahead = (calls.Count * s_pause) - Stopwatch.GetElapsedTime(begun);
            if (ahead > TimeSpan.Zero)
            {
                await Task.Delay(s_pause, CancellationToken.None);
                continue;
            }

            await places.WaitAsync(CancellationToken.None);
            calls.Add(CallAsync(s_skills[calls.Count % s_skills.Length]));
        }

        await Task.WhenAll(calls);
        return calls.Count;

        async Task CallAsync(string skill)
        {
            var result = await client.CallToolAsync($"{skill}__version", cancellationToken: CancellationToken.None);
            var text = string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
            answers.AddOrUpdate($"{skill}: {(result.IsError == true ? "failed: " : "")}{text}", 1, (_, count) => count + 1);
            places.Release();
        }
    }
}
