using System.Collections.Immutable;
using Luminarys.Permissions;
using Luminarys.Runtime.Wasm.HostFunctions;
using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions;

public sealed class SystemFunctionsTests
{
    private static readonly Dictionary<object, object> s_empty = [];

    [Fact]
    public async Task TimeNow_AnswersTheClockInEveryForm()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo", time: new ManualClock());

        var time = (Dictionary<object, object>)(await harness.AskAsync("time"))!;

        Assert.Equal(1767225600L, Convert.ToInt64(time["unix"]));
        Assert.Equal(1767225600000000000L, Convert.ToInt64(time["unix_nano"]));
        Assert.Equal("2026-01-01T03:00:00+03:00", time["rfc3339"]);
        Assert.Equal("Europe/Moscow", time["timezone"]);
        Assert.Equal(10800L, Convert.ToInt64(time["utc_offset"]));
    }

    [Fact]
    public async Task SysInfo_AnswersThisHost()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");

        var info = (Dictionary<object, object>)(await harness.AskAsync("info"))!;

        Assert.Equal(OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux", info["os"]);
        Assert.Equal(Environment.MachineName, info["hostname"]);
        Assert.Equal(Environment.ProcessorCount, Convert.ToInt32(info["num_cpu"]));
        Assert.Matches("^[a-z0-9]+$", (string)info["arch"]);
    }

    [Theory]
    [InlineData("API_KEY", "secret value")]
    [InlineData("PATH", "")]
    [InlineData("", "")]
    public async Task EnvGet_AnswersTheManifestOnly(string key, string value)
    {
        await using var harness = await StartWithSecretAsync();

        var answer = (Dictionary<object, object>)(await harness.AskAsync("env", RuntimeHarness.Arguments(("key", key))))!;

        Assert.Equal(value, answer["value"]);
    }

    [Fact]
    public async Task EnvGet_AnswerLargerThanAQuarterOfTheMemory_IsAnError()
    {
        await using var harness = await RuntimeHarness.StartAsync(
            "echo",
            options => options.MemoryLimitMegabytes = 4,
            manifest: manifest => manifest with
            {
                Permissions = PermissionSet.None with { Environment = ImmutableDictionary<string, string>.Empty.Add("K", new string('x', 1 << 20)) },
            });

        var answer = (Dictionary<object, object>)(await harness.AskAsync("env", RuntimeHarness.Arguments(("key", "K"))))!;

        Assert.StartsWith("answer too large", (string)answer["error"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xdf, 0xff, 0xff, 0xff, 0xff }, "malformed request: a length exceeds the message")]
    [InlineData(new byte[] { 0x80, 0x80 }, "malformed request: bytes after the end")]
    public async Task AnyFunction_MalformedRequest_AnswersAnError(byte[] request, string error)
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");

        var answer = (Dictionary<object, object>)(await harness.AskAsync("env", request))!;

        Assert.Equal(error, answer["error"]);
    }

    [Fact]
    public async Task FunctionOfALaterVersion_AnswersNotAvailable()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");

        var answer = (Dictionary<object, object>)(await harness.AskAsync("fs", RuntimeHarness.Arguments(("path", "/etc/passwd"))))!;

        Assert.Equal("not available: fs_read", answer["error"]);
        Assert.Equal(37, HostFunctionTable.Names.Distinct().Count());
    }

    [Fact]
    public async Task LogWrite_Enabled_WritesOneCleanLineWithoutSecrets()
    {
        await using var harness = await StartWithSecretAsync(options => options.SkillLog = true);

        Assert.Equal(s_empty, await harness.AskAsync("log", RuntimeHarness.Arguments(("level", "warn"), ("message", "a\nb\u001b[31m secret value"))));

        var (level, _, text) = Assert.Single(harness.Log.All, line => line.Event == 3010);
        Assert.Equal(LogLevel.Warning, level);
        Assert.EndsWith(@": a\nb\e[31m ***", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LogWrite_Fields_AreAppended()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo", options => options.SkillLog = true);

        // {"message": "hi", "fields": {"n": 1}}
        await harness.AskAsync("log", Convert.FromHexString("82a76d657373616765a26869a66669656c647381a16e01"));

        Assert.EndsWith("""hi {"n":1}""", Assert.Single(harness.Log.Of(3010)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LogWrite_Disabled_WritesNothing()
    {
        await using var harness = await RuntimeHarness.StartAsync("echo");

        await harness.AskAsync("log", RuntimeHarness.Arguments(("message", "hi")));

        Assert.Empty(harness.Log.Of(3010));
    }

    [Fact]
    public async Task LogWrite_TooManyLines_AreDroppedAndCounted()
    {
        var clock = new ManualClock();
        await using var harness = await RuntimeHarness.StartAsync("echo", options => options.SkillLog = true, clock);

        for (var i = 0; i < 150; i++)
        {
            await harness.AskAsync("log", RuntimeHarness.Arguments(("message", "hi")));
        }

        clock.Advance(TimeSpan.FromSeconds(1));
        await harness.AskAsync("log", RuntimeHarness.Arguments(("message", "hi")));

        Assert.Equal(101, harness.Log.Of(3010).Count);
        Assert.Contains("50 log lines", Assert.Single(harness.Log.Of(3012)), StringComparison.Ordinal);
    }

    private static Task<RuntimeHarness> StartWithSecretAsync(Action<WasmRuntimeOptions>? configure = null) => RuntimeHarness.StartAsync(
        "echo",
        configure,
        manifest: manifest => manifest with
        {
            Permissions = PermissionSet.None with { Environment = ImmutableDictionary<string, string>.Empty.Add("API_KEY", "secret value") },
            Secrets = ["API_KEY"],
        });
}
