using System.Diagnostics;
using System.Globalization;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Runtime.Wasm.HostFunctions.Shell;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Shell;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ShellDaemonTests
{
    [Fact]
    public async Task S6_Dispose_DaemonLeftAChildAndEnded_EndsTheChild()
    {
        var shell = new ShellHarness();
        shell.WriteScript("serve", "(setsid env -i /usr/bin/sleep 611.25 >/dev/null 2>&1 &) ; sleep 0.4");
        Assert.Null(shell.Run("./serve", daemon: true).Error);
        await Sleepers.UntilAsync(() => ProcessEntry.ReadAll().TrueForAll(process => process.Name != "serve"));
        Assert.Equal(1, Sleepers.Count("611.25"));

        await shell.DisposeAsync();

        Assert.Equal(0, Sleepers.Count("611.25"));
    }

    [Fact]
    public async Task Execute_KillOfADaemonThatLeftAChild_ReachesTheChild()
    {
        await using var shell = new ShellHarness();
        shell.WriteScript("serve", "sleep 612.25 >/dev/null 2>&1 & sleep 0.3");
        var pid = Convert.ToInt32(shell.Run("./serve", daemon: true).Fields["pid"], CultureInfo.InvariantCulture);
        await Sleepers.UntilAsync(() => ProcessEntry.Find(pid) is null);
        Assert.Equal(1, Sleepers.Count("612.25"));

        Assert.Equal("", shell.Output(string.Create(CultureInfo.InvariantCulture, $"kill -0 {pid}")));
        Assert.Equal("", shell.Output(string.Create(CultureInfo.InvariantCulture, $"kill {pid}")));

        await Sleepers.UntilAsync(() => Sleepers.Count("612.25") == 0);
        await Sleepers.UntilAsync(() => shell.Run(string.Create(CultureInfo.InvariantCulture, $"kill -0 {pid}")).Code() == 1);
    }

    [Fact]
    public async Task S6_Dispose_DaemonsIgnoreTheRequestToEnd_EndsAllWithinThreeSeconds()
    {
        var shell = new ShellHarness();
        shell.WriteScript("stubborn", "trap '' TERM; while true; do sleep 613.25; done");
        for (var i = 0; i < DaemonTable.Most; i++)
        {
            Assert.Null(shell.Run("./stubborn", daemon: true).Error);
        }

        var clock = Stopwatch.StartNew();
        await shell.DisposeAsync();

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 3.5);
        Assert.Equal(0, Sleepers.Count("613.25"));
        Assert.DoesNotContain(ProcessEntry.ReadAll(), process => process.Name == "stubborn" && !process.IsZombie);
    }

    [Fact]
    public async Task S6_Start_CrashLeftAChildOfADaemonThatEnded_EndsTheChild()
    {
        await using var shell = new ShellHarness();
        shell.WriteScript("serve", "(setsid env -i /usr/bin/sleep 614.25 >/dev/null 2>&1 &) ; sleep 0.3");
        var pid = Convert.ToInt32(shell.Run("./serve", daemon: true).Fields["pid"], CultureInfo.InvariantCulture);
        await Sleepers.UntilAsync(() => ProcessEntry.Find(pid) is null);
        Assert.Equal(1, Sleepers.Count("614.25"));

        shell.Restart();

        await Sleepers.UntilAsync(() => Sleepers.Count("614.25") == 0);
    }

    [Fact]
    public async Task S12_Start_TableNamesAProcessOfAnother_LeavesIt()
    {
        Assert.SkipUnless(ProgramLimits.CanMark, "this process has a limit of real-time processor time");
        await using var shell = new ShellHarness();
        using var innocent = Process.Start("sleep", "615.25");
        try
        {
            var entry = ProcessEntry.Find(innocent.Id)!.Value;
            var boot = (await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id", TestContext.Current.CancellationToken)).Trim();
            await File.WriteAllTextAsync(
                Path.Combine(shell.State, "daemons", "sh"),
                string.Create(CultureInfo.InvariantCulture, $"{boot} {entry.Pid} {entry.Started} {ProcessMark.Make().Name}\nrubbish\n"),
                TestContext.Current.CancellationToken);

            shell.Restart();

            Assert.False(innocent.HasExited);
            Assert.Equal(1, Sleepers.Count("615.25"));
        }
        finally
        {
            innocent.Kill();
            await innocent.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task S6_Execute_TableCannotBeWritten_LeavesNoDaemon()
    {
        await using var shell = new ShellHarness();
        Directory.Delete(Path.Combine(shell.State, "daemons"));

        Assert.StartsWith("io: ", shell.Run("sleep 621.25", daemon: true).Error, StringComparison.Ordinal);

        Assert.Equal(0, Sleepers.Count("621.25"));
    }

    [Fact]
    public async Task Execute_DaemonThatEndsWell_FreesItsPlace()
    {
        await using var shell = new ShellHarness();
        for (var i = 0; i < 2 * DaemonTable.Most; i++)
        {
            Assert.Equal(0, shell.Run("true", daemon: true).Code());
        }

        await Sleepers.UntilAsync(() => shell.Run("true", daemon: true).Error is null);
    }

    [Fact]
    public async Task Execute_Daemon_AnswersLongBeforeItEnds()
    {
        await using var shell = new ShellHarness();
        shell.Output("true");
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < DaemonTable.Most; i++)
        {
            var clock = Stopwatch.StartNew();
            Assert.Null(shell.Run("sleep 616.25", daemon: true).Error);
            best = clock.Elapsed < best ? clock.Elapsed : best;
        }

        // 200 ms at rest. The best of them, and more, since other tests run at the same time.
        Assert.InRange(best.TotalMilliseconds, 0, 500);
        TestContext.Current.SendDiagnosticMessage($"best answer of a daemon: {best.TotalMilliseconds:F0} ms");
    }

    [Theory]
    [InlineData("luminarys-test-{0}.txt")]
    [InlineData("luminarys-test-{0}/daemon.log")]
    [InlineData("../etc/luminarys-test-{0}.log")]
    public async Task S1_Execute_DaemonLogThatIsNoneInTheTemporaryDirectory_IsDenied(string name)
    {
        await using var shell = new ShellHarness();
        var path = $"{Path.GetTempPath().TrimEnd('/')}/{string.Format(CultureInfo.InvariantCulture, name, Guid.NewGuid().ToString("N"))}";

        Assert.NotNull(shell.Run("true", daemon: true, logFile: path).Error);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Execute_DaemonLogInTheTemporaryDirectory_IsContinued()
    {
        await using var shell = new ShellHarness();
        var path = $"{Path.GetTempPath().TrimEnd('/')}/luminarys-test-{Guid.NewGuid():N}.log";
        try
        {
            for (var i = 0; i < 2; i++)
            {
                Assert.Equal(path, shell.Run("echo again", daemon: true, logFile: path).Fields["log_file"]);
            }

            await Sleepers.UntilAsync(() => File.ReadAllText(path) == "again\nagain\n");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Execute_DaemonWithoutALogFile_GetsOneInTheTemporaryDirectory()
    {
        await using var shell = new ShellHarness();

        var log = (string)shell.Run("echo hello", daemon: true, logFile: "").Fields["log_file"]!;

        try
        {
            Assert.Matches($"^{Path.GetTempPath()}luminarys-[0-9a-f]{{12}}\\.log$", log);
            await Sleepers.UntilAsync(() => File.ReadAllText(log) == "hello\n");
        }
        finally
        {
            File.Delete(log);
        }
    }

    [Fact]
    public async Task S8_Execute_DaemonFloods_LogStopsAt64MebibytesAndTheProgramGoesOn()
    {
        await using var shell = new ShellHarness();
        var log = Path.Combine(shell.Work, "flood.log");
        shell.WriteScript("flood", "head -c 70000000 /dev/zero; touch done; exec sleep 617.25");

        Assert.Null(shell.Run("./flood", daemon: true, logFile: log).Error);

        await Sleepers.UntilAsync(() => File.Exists(Path.Combine(shell.Work, "done")));
        await Sleepers.UntilAsync(() => new FileInfo(log).Length == 64 * 1024 * 1024);
        Assert.Equal(1, Sleepers.Count("617.25"));
    }
}
