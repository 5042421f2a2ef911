using System.Globalization;
using Luminarys.Runtime.Wasm.HostFunctions.Shell;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Shell;

/// <summary>The system's limits on programs.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ShellLimitsTests
{
    [Fact]
    public async Task S8_Execute_Limits_AreSetBeforeTheProgramBegins()
    {
        await using var shell = new ShellHarness();
        await using var naive = new ShellHarness(defences: ShellDefences.All with { Limits = false });

        var limits = shell.Output("cat /proc/self/limits");

        Assert.Equal("1024", Hard(limits, "Max open files"));
        Assert.Equal("1073741824", Hard(limits, "Max file size"));
        Assert.Equal("0", Hard(limits, "Max core file size"));
        Assert.Equal((900 * Environment.ProcessorCount).ToString(CultureInfo.InvariantCulture), Hard(limits, "Max cpu time"));
        Assert.Equal("unlimited", Hard(limits, "Max address space"));
        Assert.NotEqual("1073741824", Hard(naive.Output("cat /proc/self/limits"), "Max file size"));
    }

    [Fact]
    public async Task S8_Execute_FileAboveItsLimit_EndsTheProgram()
    {
        await using var shell = new ShellHarness();

        // Signal 25: file size limit exceeded.
        Assert.Equal(128 + 25, shell.Run("dd if=/dev/zero of=big bs=1 count=1 seek=1073741824").Code());
    }

    [Fact]
    public async Task Execute_Daemon_HasNoLimitOfProcessorTime()
    {
        await using var shell = new ShellHarness();
        var log = Path.Combine(shell.Work, "limits.log");

        Assert.Null(shell.Run("cat /proc/self/limits", daemon: true, logFile: log).Error);

        await Sleepers.UntilAsync(() => File.ReadAllText(log).Contains("Max realtime timeout", StringComparison.Ordinal));
        Assert.Equal("unlimited", Hard(await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken), "Max cpu time"));
    }

    [Fact]
    public async Task S6_Execute_ChildWithAnEmptyEnvironment_IsFoundByItsLimit()
    {
        Assert.SkipUnless(ProgramLimits.CanMark, "this process has a limit of real-time processor time");
        await using var shell = new ShellHarness();
        await using var naive = new ShellHarness(defences: ShellDefences.All with { LimitMark = false });
        try
        {
            foreach (var (each, seconds) in new[] { (shell, "619.25"), (naive, "619.5") })
            {
                // Each parent is gone before a snapshot can show whose child it was.
                each.WriteScript("hide", $"(setsid env -i /bin/sh -c '(/usr/bin/sleep {seconds} &)' >/dev/null 2>&1 &) ; sleep 0.05");
                Assert.Equal(0, each.Run("./hide").Code());
            }

            Assert.Equal(0, Sleepers.Count("619.25"));
            Assert.Equal(1, Sleepers.Count("619.5"));
        }
        finally
        {
            Sleepers.Kill("619.25");
            Sleepers.Kill("619.5");
        }
    }

    private static string Hard(string limits, string name) =>
        limits.Split('\n').Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
}
