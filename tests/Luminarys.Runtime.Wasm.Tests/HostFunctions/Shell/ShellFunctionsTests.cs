using System.Diagnostics;
using System.Globalization;
using CsCheck;
using Luminarys.Permissions.Commands;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Runtime.Wasm.HostFunctions.Shell;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Shell;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ShellFunctionsTests
{
    [Fact]
    public async Task Execute_Program_AnswersBothStreamsAndItsCode()
    {
        await using var shell = new ShellHarness();
        shell.WriteScript("both", "echo out; echo err >&2; exit 3");

        var (error, fields) = shell.Run("./both");

        Assert.Null(error);
        Assert.Equal("out\nerr\n", fields["output"]);
        Assert.Equal(3, Convert.ToInt32(fields["exit_code"], CultureInfo.InvariantCulture));
        Assert.False(fields.ContainsKey("pid"));
    }

    [Fact]
    public async Task Execute_WorkDirectory_IsReallyApplied()
    {
        await using var shell = new ShellHarness();
        var inner = Directory.CreateDirectory(Path.Combine(shell.Work, "inner")).FullName;

        Assert.Equal(inner + "\n", shell.Output("pwd", inner));
        Assert.Equal(shell.Work + "\n", shell.Output("pwd"));
    }

    [Fact]
    public async Task S5_Execute_WorkDirectoryOutsideOfTheGrant_IsDenied()
    {
        await using var shell = new ShellHarness();

        Assert.Equal(PermissionGate.Denied, shell.Run("pwd", shell.Outside).Error);
        Assert.Contains("permissions.shell.allowed_dirs", Assert.Single(shell.Log.Of(3030)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("git status; rm x")]
    [InlineData("echo $(id)")]
    [InlineData("echo a > b")]
    [InlineData("a && b")]
    [InlineData("a | b")]
    public async Task S5_Execute_OperatorOutsideOfQuotes_IsDeniedAndExplainedInTheLog(string command)
    {
        await using var shell = new ShellHarness();
        await using var open = new ShellHarness(defences: ShellDefences.All with { Allowlist = false });

        Assert.Equal(PermissionGate.Denied, shell.Run(command).Error);
        Assert.Equal(PermissionGate.Denied, open.Run(command).Error);
        var line = Assert.Single(shell.Log.Of(3030));
        Assert.Contains(command, line, StringComparison.Ordinal);
        Assert.Contains("fixed rule: ", line, StringComparison.Ordinal);
        Assert.Contains("outside of quotes", line, StringComparison.Ordinal);
        Assert.Contains("no manifest can allow it", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("echo 'a")]
    public async Task Execute_LineThatIsNone_IsAnInvalidArgument(string command)
    {
        await using var shell = new ShellHarness();

        Assert.StartsWith("invalid argument: command: ", shell.Run(command).Error, StringComparison.Ordinal);
        Assert.Empty(shell.Log.Of(3030));
    }

    [Fact]
    public async Task S5_Execute_OperatorsInsideOfQuotes_ArePlainText()
    {
        await using var shell = new ShellHarness();

        Assert.Equal("a; $(id) > b | `c` && d\n", shell.Output("echo 'a; $(id) > b | `c` && d'"));
    }

    [Fact]
    public async Task S5_Execute_CommandThatNothingAllows_IsDeniedInTwoWordsAndExplainedInTheLog()
    {
        await using var shell = new ShellHarness(["echo **"]);
        await using var open = new ShellHarness(["echo **"], ShellDefences.All with { Allowlist = false });

        Assert.Equal(PermissionGate.Denied, shell.Run("uname -a").Error);
        Assert.Contains("permissions.shell.allowlist: [\"uname **\"]", Assert.Single(shell.Log.Of(3030)), StringComparison.Ordinal);
        Assert.Null(open.Run("uname -a").Error);
    }

    [Fact]
    public async Task S5_Execute_NoGrant_IsDenied()
    {
        await using var shell = new ShellHarness(allow: []);

        Assert.Equal(PermissionGate.Denied, shell.Run("true").Error);
    }

    [Fact]
    public async Task S5_Execute_PlantedProgramInTheWorkDirectory_IsNotRun()
    {
        await using var shell = new ShellHarness();
        await using var naive = new ShellHarness(defences: ShellDefences.All with { OwnLookup = false });
        shell.WriteScript("uname", "echo planted");
        naive.WriteScript("uname", "echo planted");

        Assert.Equal("Linux\n", shell.Output("uname"));
        Assert.Equal("planted\n", naive.Output("uname"));
    }

    [Fact]
    public async Task S5_Execute_PlantedProgramBesideTheHost_IsNotRun()
    {
        await using var shell = new ShellHarness();
        var planted = Path.Combine(AppContext.BaseDirectory, "luminarys-planted-program");
        await File.WriteAllTextAsync(planted, "#!/bin/sh\necho planted\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(planted, (UnixFileMode)0x1ED);
        try
        {
            var (error, fields) = shell.Run("luminarys-planted-program");

            Assert.Null(error);
            Assert.Equal(127, Convert.ToInt32(fields["exit_code"], CultureInfo.InvariantCulture));
        }
        finally
        {
            File.Delete(planted);
        }
    }

    [Fact]
    public async Task S5_Execute_SecretInTheHostsEnvironment_IsNotSeen()
    {
        const string Name = "LUMINARYS_TEST_BUS_TOKEN";
        Environment.SetEnvironmentVariable(Name, "s3cret");
        try
        {
            await using var shell = new ShellHarness(environment: [("API_KEY", "granted")]);
            await using var naive = new ShellHarness(defences: ShellDefences.All with { CleanEnvironment = false });

            var seen = shell.Output("cat /proc/self/environ");

            Assert.DoesNotContain("s3cret", seen, StringComparison.Ordinal);
            Assert.Contains("API_KEY=granted", seen, StringComparison.Ordinal);
            Assert.Contains("PATH=/usr/local/bin:/usr/bin:/bin", seen, StringComparison.Ordinal);
            Assert.Contains($"HOME={shell.State}/home/sh", seen, StringComparison.Ordinal);
            Assert.Contains("s3cret", naive.Output("cat /proc/self/environ"), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Name, null);
        }
    }

    [Fact]
    public async Task S5_Execute_HandlesOfTheHost_AreClosed()
    {
        await using var shell = new ShellHarness();
        await using var naive = new ShellHarness(defences: ShellDefences.All with { ClosedHandles = false });
        
        // Without the flag that the framework sets on all of its handles.
        var inherited = Libc.OpenAt(-100, "/dev/null", 0, 0);
        try
        {
            Assert.Equal("0\n1\n2\n3\n", shell.Output("ls /proc/self/fd"));
            Assert.Contains(inherited.ToString(CultureInfo.InvariantCulture), naive.Output("ls /proc/self/fd").Split('\n'));
        }
        finally
        {
            Libc.Close(inherited);
        }
    }

    [Fact]
    public async Task S5_Execute_AnyWords_ReachTheProgramAsTheyAre()
    {
        await using var shell = new ShellHarness();

        // No shell, no program on the way and no quoting changes, drops or splits one.
        Gen.Char[' ', '~'].Array[0, 12].Select(characters => new string(characters)).Array[1, 6].Sample(
            words =>
            {
                var line = CommandLine.Format(["printf", "<%s>\\n", .. words]);
                Assert.Equal(string.Concat(words.Select(word => $"<{word}>\n")), shell.Output(line));
            },
            iter: 40,
            threads: 1);
    }

    [Fact]
    public async Task Execute_GitWithAQuotedMessage_CommitsItAsItIs()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/git"), "git is not installed");
        await using var shell = new ShellHarness(["git **"], environment: [("GIT_CONFIG_COUNT", "2"), ("GIT_CONFIG_KEY_0", "user.name"), ("GIT_CONFIG_VALUE_0", "A"), ("GIT_CONFIG_KEY_1", "user.email"), ("GIT_CONFIG_VALUE_1", "a@localhost")]);
        shell.Output("git init");
        await File.WriteAllTextAsync(Path.Combine(shell.Work, "a.txt"), "a", TestContext.Current.CancellationToken);
        shell.Output("git add a.txt");

        shell.Output("git commit -m \"fix: a && b; \\\"c\\\" > $(d) | `e`\\nsecond line\"");

        Assert.Equal("fix: a && b; \"c\" > $(d) | `e`\nsecond line\n\n", shell.Output("git log --format=%B"));
    }

    [Fact]
    public async Task S5_Execute_FileOutsideOfTheGrants_IsFencedOff()
    {
        Assert.SkipUnless(ProgramFence.IsSupported, "this kernel has no Landlock");
        await using var shell = new ShellHarness();
        await using var open = new ShellHarness(defences: ShellDefences.All with { Fence = false });
        var secret = Path.Combine(shell.Outside, "secret");
        await File.WriteAllTextAsync(secret, "outside", TestContext.Current.CancellationToken);

        var (_, fields) = shell.Run($"cat {secret}");

        Assert.DoesNotContain("outside\n", (string)fields["output"]!, StringComparison.Ordinal);
        Assert.Equal(1, Convert.ToInt32(fields["exit_code"], CultureInfo.InvariantCulture));
        Assert.Equal("outside", open.Output($"cat {secret}"));
        Assert.Equal(1, Convert.ToInt32(shell.Run($"touch {shell.Outside}/new").Fields["exit_code"], CultureInfo.InvariantCulture));
        Assert.Equal("", shell.Output("touch new"));
    }

    [Fact]
    public async Task S5_Execute_ReadOnlyDirectory_IsFencedForWriting()
    {
        Assert.SkipUnless(ProgramFence.IsSupported, "this kernel has no Landlock");
        await using var shell = new ShellHarness(readOnly: true);

        Assert.Equal(1, Convert.ToInt32(shell.Run("touch new").Fields["exit_code"], CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task S5_Execute_ProgramOfAnotherUser_IsRefused()
    {
        await using var shell = new ShellHarness();
        await using var naive = new ShellHarness(defences: ShellDefences.All with { NoSetId = false });
        foreach (var each in new[] { shell, naive })
        {
            File.SetUnixFileMode(each.WriteScript("as-root", "echo ran"), UnixFileMode.SetUser | (UnixFileMode)0x1ED);
        }

        Assert.Equal(PermissionGate.Denied, shell.Run("./as-root").Error);
        Assert.Equal("ran\n", naive.Output("./as-root"));
    }

    [Fact]
    public async Task Execute_RelativeProgram_IsFoundFromTheWorkDirectory()
    {
        await using var shell = new ShellHarness([".venv/bin/python **", "./**"]);
        shell.WriteScript(".venv/real/python3", "echo \"$0 $1\"");
        Directory.CreateDirectory(Path.Combine(shell.Work, ".venv/bin"));
        File.CreateSymbolicLink(Path.Combine(shell.Work, ".venv/bin/python"), "../real/python3");

        Assert.EndsWith("x y\n", shell.Output(".venv/bin/python 'x y'"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task S5_Execute_DirectoryLinkOnTheWay_IsNotFollowed()
    {
        await using var shell = new ShellHarness();
        File.CreateSymbolicLink(Path.Combine(shell.Work, "way"), "/usr/bin");

        Assert.Equal(127, Convert.ToInt32(shell.Run("way/uname").Fields["exit_code"], CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Execute_ProgramThatIsNotThere_Answers127()
    {
        await using var shell = new ShellHarness();

        var (error, fields) = shell.Run("no-such-program-anywhere");

        Assert.Null(error);
        Assert.Equal(127, Convert.ToInt32(fields["exit_code"], CultureInfo.InvariantCulture));
        Assert.Contains("not found", (string)fields["output"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_StandardInput_IsEmpty()
    {
        await using var shell = new ShellHarness();

        Assert.Equal("", shell.Output("cat"));
    }

    [Fact]
    public async Task Execute_GrepAndTail_KeepLinesInThisOrder()
    {
        await using var shell = new ShellHarness();

        Assert.Equal("18\n19\n", shell.Output("seq 20", grep: "^1", tail: 2));
        Assert.Equal("19\n20\n", shell.Output("seq 20", tail: 2));
        Assert.Equal("20\n", shell.Output("seq 20", tail: 1));
        Assert.Equal("", shell.Output("seq 20", grep: "x"));
        Assert.Contains("grep", shell.Run("seq 20", grep: "(").Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S8_Execute_FloodOfOutput_KeepsTheBeginningAndTheEnd()
    {
        await using var shell = new ShellHarness();

        var output = shell.Output("seq 2000000");

        Assert.StartsWith("1\n2\n", output, StringComparison.Ordinal);
        Assert.EndsWith("1999999\n2000000\n", output, StringComparison.Ordinal);
        Assert.Contains("bytes of output were left out here", output, StringComparison.Ordinal);
        Assert.InRange(output.Length, OutputCollector.Kept - 200_000, OutputCollector.Kept + 1000);
    }

    [Fact]
    public async Task Execute_BytesThatAreNotText_BecomeReplacementCharacters()
    {
        await using var shell = new ShellHarness();
        shell.WriteScript("bytes", "printf '\\377a'");

        Assert.Equal("\ufffda", shell.Output("./bytes"));
    }

    [Fact]
    public async Task S6_Execute_TimeIsUp_EndsTheWholeTree()
    {
        await using var shell = new ShellHarness();
        shell.WriteScript("fork", "setsid sleep 600.25 & (sleep 600.25 &) ; sleep 600.25");
        var clock = Stopwatch.StartNew();

        var (error, _) = shell.Run("./fork", timeout: 400);

        Assert.Equal("timeout after 400 ms", error);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.3, 4);
        Assert.Equal(0, Sleepers.Count("600.25"));
    }

    [Fact]
    public async Task S6_Execute_OnlyTheGroupKilled_LeavesADetachedChild()
    {
        await using var naive = new ShellHarness(defences: ShellDefences.All with { WholeTree = false });
        naive.WriteScript("fork", "setsid sleep 600.5 & sleep 600.5");
        try
        {
            Assert.StartsWith("timeout", naive.Run("./fork", timeout: 400).Error, StringComparison.Ordinal);

            // What was killed may take a moment to go; what was not stays.
            await Sleepers.UntilAsync(() => Sleepers.Count("600.5") == 1);
        }
        finally
        {
            Sleepers.Kill("600.5");
        }
    }

    [Fact]
    public async Task S6_Execute_Cancelled_IsBackWithinThreeSecondsWithoutAChild()
    {
        await using var shell = new ShellHarness();
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var clock = Stopwatch.StartNew();

        shell.Run("sleep 600.75", cancellation: cancellation.Token);

        Assert.InRange(clock.Elapsed.TotalSeconds, 0.2, 3);
        Assert.Equal(0, Sleepers.Count("600.75"));
    }

    [Fact]
    public async Task S6_Execute_ProgramEndsBeforeItsChild_EndsTheChildToo()
    {
        await using var shell = new ShellHarness();
        shell.WriteScript("leave", "sleep 601.25 & echo done");
        var clock = Stopwatch.StartNew();

        Assert.Equal("done\n", shell.Output("./leave"));

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 4);
        Assert.Equal(0, Sleepers.Count("601.25"));
    }

    [Fact]
    public async Task Execute_Daemon_AnswersAtOnceAndLogs()
    {
        await using var shell = new ShellHarness();
        shell.WriteScript("serve", "echo started; exec sleep 602.25");
        var log = Path.Combine(shell.Work, "serve.log");

        var (error, fields) = shell.Run("./serve", daemon: true, logFile: log);

        Assert.Null(error);
        Assert.Equal(("", 0, log), (fields["output"], Convert.ToInt32(fields["exit_code"], CultureInfo.InvariantCulture), fields["log_file"]));
        Assert.Equal(1, Sleepers.Count("602.25"));
        await Sleepers.UntilAsync(() => File.ReadAllText(log) == "started\n");
        var pid = Convert.ToInt32(fields["pid"], CultureInfo.InvariantCulture);

        Assert.Equal("", shell.Output(string.Create(CultureInfo.InvariantCulture, $"kill {pid}")));
        await Sleepers.UntilAsync(() => Sleepers.Count("602.25") == 0);
    }

    [Fact]
    public async Task Execute_DaemonThatFailsAtOnce_AnswersItsCodeAndOutput()
    {
        await using var shell = new ShellHarness();
        shell.WriteScript("fail", "echo no; exit 7");

        var (error, fields) = shell.Run("./fail", daemon: true);

        Assert.Null(error);
        Assert.Equal(("no\n", 7), (fields["output"], Convert.ToInt32(fields["exit_code"], CultureInfo.InvariantCulture)));
        Assert.False(fields.ContainsKey("pid"));
    }

    [Fact]
    public async Task S8_Execute_MoreThanFourDaemons_IsRefused()
    {
        await using var shell = new ShellHarness();
        for (var i = 0; i < DaemonTable.Most; i++)
        {
            Assert.Null(shell.Run("sleep 603.25", daemon: true).Error);
        }

        Assert.Contains("too many daemons", shell.Run("sleep 603.25", daemon: true).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S1_Execute_DaemonLogOutsideOfTheGrants_IsDenied()
    {
        await using var shell = new ShellHarness();

        Assert.Equal(PermissionGate.Denied, shell.Run("sleep 1", daemon: true, logFile: "/etc/luminarys.log").Error);
    }

    [Fact]
    public async Task S6_Dispose_DaemonsRun_EndsThem()
    {
        var shell = new ShellHarness();
        Assert.Null(shell.Run("sleep 604.25", daemon: true).Error);
        Assert.Equal(1, Sleepers.Count("604.25"));

        await shell.DisposeAsync();

        Assert.Equal(0, Sleepers.Count("604.25"));
    }

    [Fact]
    public async Task S6_Start_CrashLeftADaemon_EndsIt()
    {
        await using var shell = new ShellHarness();
        Assert.Null(shell.Run("sleep 605.25", daemon: true).Error);
        Assert.Equal(1, Sleepers.Count("605.25"));

        shell.Restart();

        await Sleepers.UntilAsync(() => Sleepers.Count("605.25") == 0);
    }

    [Fact]
    public async Task S5_Execute_Kill_ReachesOwnDaemonsOnly()
    {
        await using var shell = new ShellHarness();
        await using var other = new ShellHarness();
        Assert.Null(other.Run("sleep 606.25", daemon: true).Error);
        var pid = Convert.ToInt32(other.Run("sleep 606.25", daemon: true).Fields["pid"], CultureInfo.InvariantCulture);

        var (error, fields) = shell.Run(string.Create(CultureInfo.InvariantCulture, $"kill -9 {pid} {Environment.ProcessId}"));

        Assert.Null(error);
        Assert.Equal(1, Convert.ToInt32(fields["exit_code"], CultureInfo.InvariantCulture));
        Assert.Equal(2, Sleepers.Count("606.25"));
        Assert.Equal(1, Convert.ToInt32(shell.Run("/bin/kill -9 1").Fields["exit_code"], CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task S12_Execute_Kill_IsNeverTheSystems()
    {
        var host = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var programs = Directory.CreateTempSubdirectory("luminarys-programs-");
        try
        {
            // As on systems where many programs are links to one file.
            File.CreateSymbolicLink(Path.Combine(programs.FullName, "killall"), "/usr/bin/true");
            File.CreateSymbolicLink(Path.Combine(programs.FullName, "end"), "/usr/bin/kill");
            void Configure(WasmRuntimeOptions options) => options.ShellPath = [programs.FullName, "/usr/bin", "/bin"];
            await using var shell = new ShellHarness(configure: Configure);
            await using var naive = new ShellHarness(configure: Configure, defences: ShellDefences.All with { OwnKill = false, Fence = false });
            foreach (var command in new[] { $"kill -0 {host}", $"end -0 {host}", "killall nobody", $"/usr/bin/kill -0 {host}" })
            {
                Assert.Equal(1, shell.Run(command).Code());
                Assert.Equal(0, naive.Run(command).Code());
            }
        }
        finally
        {
            programs.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(0, 30_000)]
    [InlineData(600_000, 600_000)]
    [InlineData(2_000_000, 900_000)]
    [InlineData(-5, 30_000)]
    public void Limit_RequestedTime_IsHonouredUpToTheFamilysLimit(int requested, int expected)
    {
        using var interruption = new Luminarys.Runtime.Wasm.Engine.Interruption(TimeProvider.System, CancellationToken.None);
        interruption.Arm(long.MaxValue, CancellationToken.None);
        var call = new HostCall(interruption, TimeProvider.System);

        Assert.Equal(expected, call.Limit(requested, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(900)).TotalMilliseconds);
    }
}
