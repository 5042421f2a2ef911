using Luminarys.Lmsk.Watching;
using Luminarys.Skills.Authoring;

namespace Luminarys.Lmsk.Tests.Watching;

public sealed class WatchLoopTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Watch_Changes_AreBuiltAndRunAndErrorsDoNotEndIt()
    {
        using var bench = new Workbench();
        await bench.DoAsync("new", "words");
        var source = bench.PathOf("words/assembly/skill.ts");
        var sound = await File.ReadAllTextAsync(source, TestContext.Current.CancellationToken);
        var (outputText, errorText) = (new StringWriter(), new StringWriter());
        using var output = TextWriter.Synchronized(outputText);
        using var errors = TextWriter.Synchronized(errorText);
        using var stop = new CancellationTokenSource();
        var echo = Path.Combine(AppContext.BaseDirectory, "assets", "echo.wasm");
        var request = new WatchRequest("words", SkillLanguage.AssemblyScript, $"cp '{echo}' words.wasm; test ! -e broken", null, ["ping"]);

        var watching = new WatchLoop(request, TimeProvider.System, output, errors).RunAsync(stop.Token);
        await UntilAsync(() => Waits() == 1);
        Assert.Contains("pong", outputText.ToString(), StringComparison.Ordinal);

        await File.WriteAllTextAsync(source, sound.Replace("@skill:method greet", "@skill:method greet again", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await UntilAsync(() => Waits() == 2);
        Assert.Matches(@"skill\.ts:\d+: ", Told());

        bench.Write("words/broken", "");
        await File.WriteAllTextAsync(source, sound + "\n", TestContext.Current.CancellationToken);
        await UntilAsync(() => Waits() == 3);
        Assert.Contains("ended with exit code 1", Told(), StringComparison.Ordinal);

        await stop.CancelAsync();
        await watching.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.EndsWith("watch ended\n", Told(), StringComparison.Ordinal);

        int Waits() => Told().Split("waits for a change").Length - 1;

        string Told()
        {
            lock (errors)
            {
                return errorText.ToString();
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("trap \"\" TERM; ")]
    public async Task Build_Cancelled_EndsTheProgramAndItsChildren(string trap)
    {
        using var bench = new Workbench();
        using var stop = new CancellationTokenSource();
        var building = BuildProgram.RunAsync(".", $"{trap}sh -c 'echo $$ > new; mv new child; sleep 1000; true'; true", stop.Token);
        await UntilAsync(() => File.Exists(bench.PathOf("child")));
        var child = (await File.ReadAllTextAsync(bench.PathOf("child"), TestContext.Current.CancellationToken)).Trim();
        Assert.False(IsGone(child));

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => building.WaitAsync(s_patience, TestContext.Current.CancellationToken));
        await UntilAsync(() => IsGone(child));
    }

    // What has ended and is not yet taken leave of is gone as well.
    private static bool IsGone(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/status").Contains("State:\tZ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var end = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(end) < s_patience, "nothing happened");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
