using System.Text.RegularExpressions;

namespace Luminarys.Samples;

/// <summary>A program that a skill has started in the background, by what the skill answered.</summary>
internal sealed partial class BackgroundProgram
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly SampleHost _host;

    private BackgroundProgram(SampleHost host, string pid, string logFile) => (_host, Pid, LogFile) = (host, pid, logFile);

    public string Pid { get; }

    public string LogFile { get; }

    /// <summary>Starts one by the method <c>run</c>.</summary>
    public static async Task<BackgroundProgram> StartAsync(SampleHost host, string command, string logFile)
    {
        var answer = await host.ResultAsync("run", new { workdir = host.Data, command, log_file = logFile });
        var match = Started().Match(answer);
        Assert.True(match.Success, answer);
        return new(host, match.Groups[1].Value, match.Groups[2].Value);
    }

    /// <summary>Waits until its log holds a text.</summary>
    public Task AwaitLogAsync(string text) =>
        AwaitAsync(async () => (await File.ReadAllTextAsync(LogFile, TestContext.Current.CancellationToken)).Contains(text, StringComparison.Ordinal));

    /// <summary>Its line in what the method <c>ps</c> answers; empty when it does not run.</summary>
    public Task<string> LineAsync() => _host.ResultAsync("ps", new { grep = $@"^\S+\s+{Pid}\s" });

    /// <summary>Waits until the method <c>ps</c> knows it no longer.</summary>
    public Task AwaitEndAsync() => AwaitAsync(async () => (await LineAsync()).Length == 0);

    private static async Task AwaitAsync(Func<Task<bool>> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < s_patience, "It did not happen in time.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    [GeneratedRegex(@"\Apid: ([0-9]+)\nlog_file: (.+)\z")]
    private static partial Regex Started();
}
