namespace Luminarys.Lmsk.Tests.Running;

public sealed class RunCommandTests
{
    private static string Echo => Path.Combine(AppContext.BaseDirectory, "assets", "echo.wasm");

    [Fact]
    public async Task Run_NoMethod_DescribesTheSkill()
    {
        using var bench = new Workbench();

        var text = await bench.DoAsync("run", Echo);

        Assert.Contains("ai.luminarys.as.echo 1.0.0", text, StringComparison.Ordinal);
        Assert.Contains("word_count(text: string)", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Method_PrintsTheResultAndWhatItTook()
    {
        using var bench = new Workbench();

        Assert.Equal("3\n", await bench.DoAsync("run", Echo, "word_count", "text=one two three"));

        Assert.Matches(@"done  [\d.]+ m?s, 0 host calls, [\d.]+ MiB of memory", bench.Errors);
        Assert.DoesNotContain(" 0.0 MiB", bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Json_IsTheArguments()
    {
        using var bench = new Workbench();

        Assert.Equal("cba\n", await bench.DoAsync("run", Echo, "reverse", "-json", """{"message": "abc"}"""));
    }

    [Fact]
    public async Task Run_ArgumentFromAFile_IsItsContent()
    {
        using var bench = new Workbench();
        bench.Write("message.txt", "from a file");

        Assert.Equal("from a file\n", await bench.DoAsync("run", Echo, "echo", "message=@message.txt"));
    }

    [Fact]
    public async Task Run_SkillThatLogs_ShowsItsLines()
    {
        using var bench = new Workbench();

        await bench.DoAsync("run", Echo, "log_test", "message=hear me");

        Assert.Equal(4, bench.Errors.Split('\n').Count(line => line.StartsWith("log ", StringComparison.Ordinal) && line.EndsWith(": hear me", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_Denial_ShowsTheLineThatWouldAllowIt()
    {
        using var bench = new Workbench();

        Assert.Equal(LmskCommand.Failed, await bench.RunAsync("run", Echo, "cwd_test", $"workdir={bench.Folder}", "-allow", $"fs:{bench.Folder}:ro"));

        Assert.Contains("host  shell_exec pwd: denied", bench.Errors, StringComparison.Ordinal);
        Assert.Matches("to allow it: permissions.shell.*pwd", bench.Errors);
        Assert.Contains("error SKILL_ERROR", bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Grant_LetsTheCallThroughAndNamesTheRule()
    {
        using var bench = new Workbench();

        await bench.DoAsync("run", Echo, "disk_usage", "-allow", $"fs:{bench.Folder}:ro", "-allow", "env:KEY=a=b $HOME");

        Assert.Matches("host  disk_usage.*: (ok|allowed)", bench.Errors);
    }

    [Fact]
    public async Task Run_GrantOfTheTemporaryFolder_IsNotRefused()
    {
        using var bench = new Workbench();

        await bench.DoAsync("run", Echo, "disk_usage", "-allow", $"fs:{Path.GetTempPath().TrimEnd('/')}:ro");

        Assert.Matches("host  disk_usage.*: (ok|allowed)", bench.Errors);
    }

    [Fact]
    public async Task Run_Cache_HoldsNothingAfterwards()
    {
        using var bench = new Workbench();
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", bench.PathOf("cache"));

        await bench.DoAsync("run", Echo, "ping");

        Assert.Empty(Directory.EnumerateFileSystemEntries(bench.PathOf("cache/luminarys")));
        bench.Write("file", "");
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", bench.PathOf("file"));
        Assert.Contains("set XDG_CACHE_HOME", await bench.RefuseAsync("run", Echo, "ping"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Variable_IsWhatTheGrantSays()
    {
        using var bench = new Workbench();

        Assert.Equal("a=b ${HOME}\n", await bench.DoAsync("run", Echo, "env_get", "key=KEY", "-allow", "env:KEY=a=b ${HOME}"));
    }

    [Fact]
    public async Task Run_Manifest_IsWhatTheSkillMayDo()
    {
        using var bench = new Workbench();
        bench.Write("manifest.yaml", "id: echo\npath: elsewhere.skill\npermissions: {}\nenv: { GREETING: moin }\n");

        Assert.Equal("moin\n", await bench.DoAsync("run", Echo, "env_get", "key=GREETING", "-manifest", "manifest.yaml"));
    }

    [Fact]
    public async Task Run_Package_RunsWhatWasSigned()
    {
        using var bench = new Workbench();
        await bench.DoAsync("sign", Echo, "-key", bench.MakeKey(), "-out", "echo.skill");

        Assert.Equal("pong\n", await bench.DoAsync("run", "echo.skill", "ping"));

        var bytes = await File.ReadAllBytesAsync(bench.PathOf("echo.skill"), TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        bench.Write("echo.skill", bytes);
        Assert.Equal(LmskCommand.Failed, await bench.RunAsync("run", "echo.skill", "ping"));
        Assert.Empty(bench.Output);
    }

    [Theory]
    [InlineData("no such parameter", "echo", "message=a", "nope=b")]
    [InlineData("it is required", "echo")]
    [InlineData("key=value", "echo", "message")]
    [InlineData("not JSON", "echo", "-json", "{")]
    [InlineData("it has no method", "fly")]
    [InlineData("use one of", "ping", "-allow", "moon:base")]
    [InlineData("use one of", "ping", "-allow", "fs:/tmp:ro", "-manifest", "m.yaml")]
    public async Task Run_LineThatMakesNoSense_IsAUsageError(string reason, params string[] args)
    {
        using var bench = new Workbench();

        Assert.Equal(LmskCommand.Usage, await bench.RunAsync(["run", Echo, .. args]));

        Assert.Contains(reason, bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FileThatIsNoModule_SaysSo()
    {
        using var bench = new Workbench();
        bench.Write("bad.wasm", "hello");

        Assert.Equal(LmskCommand.Failed, await bench.RunAsync("run", "bad.wasm"));
        Assert.Contains("not a WebAssembly module", bench.Errors, StringComparison.Ordinal);
    }
}
