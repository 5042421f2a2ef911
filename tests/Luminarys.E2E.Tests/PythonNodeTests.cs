using ModelContextProtocol.Protocol;

namespace Luminarys.E2E;

/// <summary>A slave that is not ours: written in Python from the description of the wire protocol alone, with nothing but its standard library.</summary>
[Trait("Kind", "Integration")]
public sealed class PythonNodeTests
{
    [Fact]
    public async Task PythonSlave_JoinsBeatsAnswersAndLeaves()
    {
        var python = FindPython();
        await using var cluster = TestCluster.Start();
        cluster.StartNode("master", "echo-here");
        await using var client = await cluster.ConnectAsync();
        await using var slave = ChildProcess.Start(
            python,
            ["-u", Path.Combine(AppContext.BaseDirectory, "minimal-slave.py"), "127.0.0.1", $"{cluster.NatsPort}", TestCluster.Token, "e2e", "python-1", "python-skill"],
            cluster.Folder);

        await WaitAsync(cluster, slave, client, "echo-here", "python-skill");
        Assert.Equal("olleh", await TestCluster.CallAsync(client, "python-skill__reverse", new() { ["text"] = "hello" }));
        var failed = await client.CallToolAsync("python-skill__fail", new Dictionary<string, object?>(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(failed.IsError);
        Assert.Contains("as asked", string.Concat(failed.Content.OfType<TextContentBlock>().Select(block => block.Text)), StringComparison.Ordinal);

        // Longer than its time to live: its heartbeats are taken.
        await Task.Delay(TestCluster.Ttl + TestCluster.Heartbeat, TestContext.Current.CancellationToken);
        Assert.Equal("abc", await TestCluster.CallAsync(client, "python-skill__reverse", new() { ["text"] = "cba" }));

        Assert.Equal(0, await slave.TerminateAsync(TestCluster.Patience));
        await WaitAsync(cluster, slave, client, "echo-here");
    }

    private static async Task WaitAsync(TestCluster cluster, ChildProcess slave, ModelContextProtocol.Client.McpClient client, params string[] skills)
    {
        List<string> seen = [];
        await Eventually.HoldsAsync($"the list holds exactly {string.Join(", ", skills)}", TestCluster.Patience, async () =>
        {
            seen = await TestCluster.SkillsAsync(client);
            return seen.SequenceEqual(skills.Order(StringComparer.Ordinal));
        }, () => $"last seen: {string.Join(", ", seen)}\n{slave.Output}\n{cluster.Logs}");
    }

    private static string FindPython()
    {
        var python = ChildProcess.Find("python3");
        Assert.SkipUnless(python is not null || Environment.GetEnvironmentVariable("CI") == "true", "python3 is not installed: apt-get install python3");
        return python ?? throw new FileNotFoundException("python3");
    }
}
