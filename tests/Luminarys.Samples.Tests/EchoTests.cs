using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Luminarys.Samples;

public sealed class EchoTests
{
    [Theory]
    [InlineData("echo", "message", "hi ä 🙂\n", "hi ä 🙂\n")]
    [InlineData("echo", "message", "", "")]
    [InlineData("reverse", "message", "abä", "äba")]
    [InlineData("word_count", "text", " one\ttwo\nthree ", "3")]
    [InlineData("word_count", "text", "", "0")]
    [InlineData("env_get", "key", "GREETING", "hello")]
    [InlineData("env_get", "key", "PATH", "")]
    public async Task Method_Argument_GivesTheResult(string method, string name, string value, string expected)
    {
        await using var host = await SampleHost.StartAsync("echo", _ => "permissions: {}\nenv: { GREETING: hello }");

        Assert.Equal(expected, await host.ResultAsync(method, new Dictionary<string, object?> { [name] = value }));
    }

    [Fact]
    public async Task MethodsWithoutParameters_WithoutPermissions_Answer()
    {
        await using var host = await SampleHost.StartAsync("echo");
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

        Assert.Equal("pong", await host.ResultAsync("ping"));
        Assert.Matches($"^os: \\w+\narch: \\w+\nhostname: .+\ncpus: {Environment.ProcessorCount}$", await host.ResultAsync("sys_info"));
        var now = (await host.ResultAsync("time_now")).Split('\n').Select(line => line.Split(": ", 2)).ToDictionary(line => line[0], line => line[1]);
        Assert.InRange(long.Parse(now["unix"], null), before, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Assert.Equal(["time", "unix", "timezone", "utc_offset"], now.Keys);
    }

    [Fact]
    public async Task DiskUsage_WithAndWithoutFs_AnswersOrIsDenied()
    {
        await using var host = await SampleHost.StartAsync("echo", data => $"permissions: {{ fs: {{ enabled: true, dirs: ['{data}:ro'] }} }}");
        await using var poor = await SampleHost.StartAsync("echo");

        Assert.Matches(@"^total: \d+\nfree: \d+\nused: \d+\nused_pct: \d+(\.\d+)?$", await host.ResultAsync("disk_usage"));
        await poor.FailsAsync("permission denied", "disk_usage");
    }

    [Fact]
    public async Task CwdTest_WithAndWithoutShell_RunsPwdThereOrIsDenied()
    {
        await using var host = await SampleHost.StartAsync(
            "echo", data => $"permissions: {{ shell: {{ enabled: true, allowlist: ['pwd'], allowed_dirs: ['{data}'] }} }}");
        await using var poor = await SampleHost.StartAsync("echo");
        Directory.CreateDirectory(host.PathOf("sub"));

        Assert.Equal(host.PathOf("sub"), await host.ResultAsync("cwd_test", new { workdir = host.PathOf("sub") }));
        await host.ErrorAsync("cwd_test", new { workdir = host.PathOf("none") });
        await host.FailsAsync("permission denied", "cwd_test", new { workdir = "/" });
        await poor.FailsAsync("permission denied", "cwd_test", new { workdir = poor.Data });
    }

    [Fact]
    public async Task TcpPing_ServerThatGreetsAndWaits_AnswersTheGreeting()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var addr = server.LocalEndpoint.ToString()!;
        await using var host = await SampleHost.StartAsync("echo", _ => $"permissions: {{ tcp: {{ enabled: true, allowlist: ['{addr}'] }} }}");
        await using var poor = await SampleHost.StartAsync("echo");

        var asked = host.ResultAsync("tcp_ping", new { addr });
        using var client = await server.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync("hello\r\n"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal("hello\r\n", await asked);
        await host.FailsAsync("permission denied", "tcp_ping", new { addr = "127.0.0.1:1" });
        await poor.FailsAsync("permission denied", "tcp_ping", new { addr });
    }

    [Fact]
    public async Task LogTest_Message_IsLoggedAtFourLevels()
    {
        await using var host = await SampleHost.StartAsync("echo");

        Assert.Equal("written at debug, info, warn and error: seen", await host.ResultAsync("log_test", new { message = "seen" }));

        Assert.Equal(
            [LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error],
            host.Log.Where(line => line.Text.Contains("seen", StringComparison.Ordinal)).Select(line => line.Level));
    }

    [Fact]
    public async Task RequiredParameter_Missing_IsNamed()
    {
        await using var host = await SampleHost.StartAsync("echo");

        foreach (var method in host.Skill.Descriptor.Methods.Where(method => method.Parameters.Length > 0))
        {
            Assert.Contains(method.Parameters[0].Name, await host.ErrorAsync(method.Name), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task FailingCalls_InARow_LeaveTheSkillUsable()
    {
        await using var host = await SampleHost.StartAsync("echo");

        for (var i = 0; i < 50; i++)
        {
            await host.ErrorAsync("cwd_test", new { workdir = "/" });
        }

        Assert.Equal("pong", await host.ResultAsync("ping"));
    }
}
