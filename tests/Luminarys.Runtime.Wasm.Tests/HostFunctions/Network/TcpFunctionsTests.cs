using Luminarys.Permissions;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Runtime.Wasm.HostFunctions.Network;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Network;

public sealed class TcpFunctionsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_ServerThatCloses_AnswersAllThatCame()
    {
        await using var server = new TestServer(EchoOnceAsync);
        await using var harness = new NetworkHarness();

        var answer = await harness.AskAsync("tcp_request", ("addr", $"127.0.0.1:{server.Port}"), ("data", "ping"u8.ToArray()), ("tls", false), ("timeout_ms", 0));

        Assert.Equal("ping"u8.ToArray(), answer["data"]);
        Assert.Equal(0, harness.Callbacks.Count);
    }

    [Fact]
    public async Task Request_ServerThatNeverCloses_EndsAfterHalfASecondOfSilence()
    {
        var clock = new FakeClock();
        await using var server = new TestServer(async (stream, token) =>
        {
            await stream.WriteAsync("INFO"u8.ToArray(), token);
            await Task.Delay(Timeout.Infinite, token);
        });
        await using var harness = new NetworkHarness { Time = clock };

        var asking = harness.AskAsync("tcp_request", ("addr", $"127.0.0.1:{server.Port}"));
        await Poll.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            return asking.IsCompleted;
        });

        Assert.Equal("INFO"u8.ToArray(), (await asking)["data"]);
        Assert.InRange(clock.GetUtcNow().TimeOfDay.TotalMilliseconds, 500, 29_999);
    }

    [Fact]
    public async Task Request_TimePassesBeforeAnythingCame_IsAnError()
    {
        await using var server = new TestServer(TestServer.HoldAsync);
        await using var harness = new NetworkHarness();

        Assert.Equal("timeout after 150 ms", await harness.ErrorOfAsync("tcp_request", ("addr", $"127.0.0.1:{server.Port}"), ("timeout_ms", 150)));
    }

    [Fact]
    public async Task Request_TimePassesWhileSomethingComes_AnswersWhatCame()
    {
        await using var server = new TestServer(async (stream, token) =>
        {
            while (true)
            {
                await stream.WriteAsync("x"u8.ToArray(), token);
                await Task.Delay(20, token);
            }
        });
        await using var harness = new NetworkHarness();

        Assert.NotEmpty((byte[])(await harness.AskAsync("tcp_request", ("addr", $"127.0.0.1:{server.Port}"), ("timeout_ms", 900)))["data"]);
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(0, 1048576)]
    [InlineData(2_000_000, 2_000_000)]
    public async Task Request_ServerThatSendsForEver_EndsAtTheLimit(int maxBytes, int expected)
    {
        await using var server = new TestServer(async (stream, token) =>
        {
            while (true)
            {
                await stream.WriteAsync(new byte[65536], token);
            }
        });
        await using var harness = new NetworkHarness();

        Assert.Equal(expected, ((byte[])(await harness.AskAsync("tcp_request", ("addr", $"127.0.0.1:{server.Port}"), ("max_bytes", maxBytes)))["data"]).Length);
    }

    [Fact]
    public async Task Request_LargeDataToAnEchoingServer_DoesNotBlock()
    {
        await using var server = new TestServer(async (stream, token) =>
        {
            var buffer = new byte[65536];
            while (await stream.ReadAsync(buffer, token) is > 0 and var read)
            {
                await stream.WriteAsync(buffer.AsMemory(0, read), token);
            }
        });
        await using var harness = new NetworkHarness();
        var data = new byte[8_000_000];

        var answer = await harness.AskAsync("tcp_request", ("addr", $"127.0.0.1:{server.Port}"), ("data", data), ("max_bytes", data.Length), ("timeout_ms", 20_000));

        Assert.Equal(data.Length, ((byte[])answer["data"]).Length);
    }

    [Theory]
    [InlineData("a.example")]
    [InlineData("a.example:0")]
    [InlineData("http://a.example:80")]
    [InlineData("")]
    public async Task Connect_AddressThatIsNone_IsRefused(string address)
    {
        await using var harness = new NetworkHarness();

        Assert.StartsWith("invalid argument: addr: ", await harness.ErrorOfAsync("tcp_connect", ("addr", address)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_Data_ComesInOrderAndThenTheEnd()
    {
        await using var server = new TestServer(async (stream, token) =>
        {
            await stream.WriteAsync(new byte[150_000], token);
        });
        await using var harness = new NetworkHarness();

        var id = (string)(await ConnectAsync(harness, server.Port))["conn_id"];
        var length = 0;
        Dictionary<object, object> last;
        while ((string)(last = await harness.Callbacks.NextAsync())["event"] == "data")
        {
            Assert.Equal(id, last["conn_id"]);
            Assert.Equal("", last["error_kind"]);
            Assert.InRange(((byte[])last["data"]).Length, 1, 64 * 1024);
            length += ((byte[])last["data"]).Length;
        }

        Assert.Matches("^c-[0-9a-f]{32}$", id);
        Assert.Equal(150_000, length);
        Assert.Equal(("close", "eof"), ((string)last["event"], (string)last["error_kind"]));
        Assert.Equal("invalid argument: conn_id: no such connection", await harness.ErrorOfAsync("tcp_write", ("conn_id", id), ("data", "x"u8.ToArray())));
    }

    [Fact]
    public async Task Connect_NextChunk_WaitsForTheCallback()
    {
        await using var server = new TestServer(async (stream, token) =>
        {
            await stream.WriteAsync(new byte[1_000_000], token);
            await Task.Delay(Timeout.Infinite, token);
        });
        await using var harness = new NetworkHarness();
        harness.Callbacks.Gate = new();

        await ConnectAsync(harness, server.Port);
        await harness.Callbacks.NextAsync();
        await Task.Delay(50, Token);
        Assert.Equal(0, harness.Callbacks.Count);
        harness.Callbacks.Gate.SetResult();
        await harness.Callbacks.NextAsync();
    }

    [Fact]
    public async Task Connect_WriteAndClose_NoEventFollowsAndClosingTwiceIsFine()
    {
        var received = new TaskCompletionSource<string>();
        await using var server = new TestServer(async (stream, token) =>
        {
            using var reader = new StreamReader(stream);
            received.SetResult(await reader.ReadToEndAsync(token));
        });
        await using var harness = new NetworkHarness();

        var id = (string)(await ConnectAsync(harness, server.Port))["conn_id"];
        Assert.Empty(await harness.AskAsync("tcp_write", ("conn_id", id), ("data", "PING\r\n"u8.ToArray())));
        Assert.Empty(await harness.AskAsync("tcp_close", ("conn_id", id)));
        Assert.Empty(await harness.AskAsync("tcp_close", ("conn_id", id)));

        Assert.Equal("PING\r\n", await received.Task.WaitAsync(TimeSpan.FromSeconds(20), Token));
        await harness.DisposeAsync();
        Assert.Equal(0, harness.Callbacks.Count);
    }

    [Fact]
    public async Task Connect_CloseInsideTheCallback_DoesNotBlock()
    {
        await using var server = new TestServer(async (stream, token) =>
        {
            await stream.WriteAsync("x"u8.ToArray(), token);
            await TestServer.HoldAsync(stream, token);
        });
        await using var harness = new NetworkHarness();
        var closed = new TaskCompletionSource();
        harness.Callbacks.OnEvent = message =>
        {
            Assert.Empty(harness.AskAsync("tcp_close", ("conn_id", message["conn_id"])).GetAwaiter().GetResult());
            closed.SetResult();
        };

        await ConnectAsync(harness, server.Port);

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        await Poll.UntilAsync(() => server.Open == 0);
    }

    [Fact]
    public async Task Connect_WithoutCallback_DiscardsUntilOneIsSet()
    {
        var more = new TaskCompletionSource();
        await using var server = new TestServer(async (stream, token) =>
        {
            await stream.WriteAsync("lost"u8.ToArray(), token);
            await more.Task.WaitAsync(token);
            await stream.WriteAsync("kept"u8.ToArray(), token);
            await Task.Delay(Timeout.Infinite, token);
        });
        await using var harness = new NetworkHarness();

        var id = (await ConnectAsync(harness, server.Port, callback: ""))["conn_id"];
        await Task.Delay(50, Token);
        Assert.Empty(await harness.AskAsync("tcp_set_callback", ("conn_id", id), ("callback", "on_data")));
        more.SetResult();

        Assert.Equal("kept"u8.ToArray(), (await harness.Callbacks.NextAsync())["data"]);
    }

    [Theory]
    [InlineData("tcp_connect", "invalid argument: callback: the skill has no such method")]
    [InlineData("tcp_set_callback", "invalid argument: callback: the skill has no such method")]
    public async Task AnyFunction_UnknownCallback_IsRefused(string function, string error)
    {
        await using var harness = new NetworkHarness();

        Assert.Equal(error, await harness.ErrorOfAsync(function, ("addr", "127.0.0.1:1"), ("conn_id", "c"), ("callback", "nothing")));
    }

    [Theory]
    [InlineData("tcp_write")]
    [InlineData("tcp_set_callback")]
    [InlineData("ws_send")]
    public async Task AnyFunction_ConnectionOfAnotherSkill_IsUnknown(string function)
    {
        await using var server = new TestServer(TestServer.HoldAsync);
        await using var harness = new NetworkHarness();
        await using var stranger = new NetworkHarness();
        var id = (await ConnectAsync(harness, server.Port))["conn_id"];

        Assert.Equal("invalid argument: conn_id: no such connection", await stranger.ErrorOfAsync(function, ("conn_id", id), ("callback", "on_data")));
        await stranger.AskAsync("tcp_close", ("conn_id", id));
        Assert.Empty(await harness.AskAsync("tcp_write", ("conn_id", id), ("data", "still there"u8.ToArray())));
    }

    [Fact]
    public async Task Connect_Silence_EndsWithATimeoutAfterFiveMinutes()
    {
        var clock = new FakeClock();
        await using var server = new TestServer(TestServer.HoldAsync);
        await using var harness = new NetworkHarness { Time = clock };

        var id = (await ConnectAsync(harness, server.Port))["conn_id"];
        clock.Advance(TimeSpan.FromMinutes(4.9));
        await harness.AskAsync("tcp_write", ("conn_id", id), ("data", "x"u8.ToArray()));
        clock.Advance(TimeSpan.FromMinutes(4.9));
        Assert.Equal(0, harness.Callbacks.Count);
        clock.Advance(TimeSpan.FromMinutes(0.1));

        var last = await harness.Callbacks.NextAsync();
        Assert.Equal(("error", "timeout"), ((string)last["event"], (string)last["error_kind"]));
        await Poll.UntilAsync(() => server.Open == 0);
    }

    [Fact]
    public async Task Connect_SkillIsBusyAndWrites_IsNotIdle()
    {
        var clock = new FakeClock();
        await using var server = new TestServer(async (stream, token) =>
        {
            await stream.WriteAsync("a"u8.ToArray(), token);
            await TestServer.HoldAsync(stream, token);
        });
        await using var harness = new NetworkHarness { Time = clock };
        harness.Callbacks.Gate = new();

        var id = (await ConnectAsync(harness, server.Port))["conn_id"];
        Assert.Equal("a"u8.ToArray(), (await harness.Callbacks.NextAsync())["data"]);
        Assert.Empty(await harness.AskAsync("tcp_write", ("conn_id", id), ("data", "x"u8.ToArray())));
        clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Empty(await harness.AskAsync("tcp_write", ("conn_id", id), ("data", "y"u8.ToArray())));
        Assert.Equal(0, harness.Callbacks.Count);
    }

    [Fact]
    public async Task Connect_Reset_IsTold()
    {
        await using var server = new TestServer(async (stream, token) =>
        {
            await stream.ReadExactlyAsync(new byte[1], token);
            ((System.Net.Sockets.NetworkStream)stream).Socket.Close(0);
        });
        await using var harness = new NetworkHarness();

        var id = (await ConnectAsync(harness, server.Port))["conn_id"];
        await harness.AskAsync("tcp_write", ("conn_id", id), ("data", "xyz"u8.ToArray()));

        Assert.Matches("^(reset|eof)$", (string)(await harness.Callbacks.NextAsync())["error_kind"]);
    }

    [Fact]
    public async Task Connect_MoreThan16_AreRefusedUntilOneIsClosed()
    {
        await using var server = new TestServer(TestServer.HoldAsync);
        await using var harness = new NetworkHarness();
        var ids = new List<object>();
        for (var i = 0; i < 16; i++)
        {
            ids.Add((await ConnectAsync(harness, server.Port))["conn_id"]);
        }

        Assert.Equal("too many connections: 16 are allowed", await harness.ErrorOfAsync("tcp_connect", ("addr", $"127.0.0.1:{server.Port}")));
        Assert.Equal("too many connections: 16 are allowed", await harness.ErrorOfAsync("tcp_request", ("addr", $"127.0.0.1:{server.Port}")));
        await harness.AskAsync("tcp_close", ("conn_id", ids[0]));

        Assert.True((await ConnectAsync(harness, server.Port)).ContainsKey("conn_id"));
        Assert.Equal(16, ids.Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connect_SkillGone_ClosesEverythingWithoutAnEvent(bool isUnloaded)
    {
        await using var server = new TestServer(TestServer.HoldAsync);
        await using var harness = new NetworkHarness();
        for (var i = 0; i < 5; i++)
        {
            await ConnectAsync(harness, server.Port);
        }

        await Poll.UntilAsync(() => server.Open == 5);
        if (isUnloaded)
        {
            await harness.Functions.DisposeAsync();
        }
        else
        {
            harness.Functions.OnInstanceDiscarded();
        }

        await Poll.UntilAsync(() => server.Open == 0);
        Assert.Equal(0, harness.Callbacks.Count);
    }

    [Fact]
    public async Task Connect_Failures_GiveTheirPlacesBack()
    {
        await using var harness = new NetworkHarness { Permissions = new() { Tcp = new(["a.example:1"], false) }, Setting = new() { Resolver = new TestResolver() } };
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(PermissionGate.Denied, await harness.ErrorOfAsync("tcp_connect", ("addr", "b.example:1")));
            Assert.Equal("io: host not found", await harness.ErrorOfAsync("tcp_connect", ("addr", "a.example:1")));
        }
    }

    [Fact]
    public async Task Tls_ServerName_MustBeGranted()
    {
        using var authority = new TestAuthority();
        await using var server = new TestServer(EchoOnceAsync, certificate: authority.Issue("b.example"));
        var setting = new NetworkSetting { Resolver = new TestResolver(("a.example", ["127.0.0.1"])), Authority = authority.Certificate };
        var narrow = new PermissionSet { Tcp = new([$"a.example:{server.Port}"], false) };
        var wide = new PermissionSet { Tcp = new([$"*.example:{server.Port}"], false) };
        (string, object?)[] fields = [("addr", $"a.example:{server.Port}"), ("tls", true), ("server_name", "b.example"), ("data", "x"u8.ToArray())];
        await using var denied = new NetworkHarness { Permissions = narrow, Setting = setting };
        await using var control = new NetworkHarness { Permissions = narrow, Setting = setting with { Defences = new() { JudgesServerNames = false } } };
        await using var granted = new NetworkHarness { Permissions = wide, Setting = setting };

        Assert.Equal(PermissionGate.Denied, await denied.ErrorOfAsync("tcp_request", fields));
        Assert.Equal(0, server.Accepted);
        Assert.Equal("x"u8.ToArray(), (await control.AskAsync("tcp_request", fields))["data"]);
        Assert.Equal("x"u8.ToArray(), (await granted.AskAsync("tcp_request", fields))["data"]);
        Assert.StartsWith("tls: ", await granted.ErrorOfAsync("tcp_request", ("addr", $"a.example:{server.Port}"), ("tls", true)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp_request")]
    [InlineData("tcp_connect")]
    [InlineData("ws_connect")]
    public async Task Tls_Insecure_NeedsTheHostsConsent(string function)
    {
        using var authority = new TestAuthority();
        await using var server = new TestServer(async (stream, token) => await stream.WriteAsync("SSH-2.0\r\n"u8.ToArray(), token), certificate: authority.Issue("other.example"));
        (string, object?)[] fields = [("addr", $"127.0.0.1:{server.Port}"), ("url", $"wss://127.0.0.1:{server.Port}/"), ("tls", true), ("insecure", true), ("timeout_ms", 3000)];
        await using var strict = new NetworkHarness();
        await using var consenting = new NetworkHarness();
        consenting.Options.AllowInsecureTls = true;
        await using var control = new NetworkHarness { Setting = new() { Defences = new() { ChecksCertificates = false } } };

        Assert.Equal(PermissionGate.Denied, await strict.ErrorOfAsync(function, fields));
        Assert.Contains("runtime.allow_insecure_tls: true", strict.Denial, StringComparison.Ordinal);
        Assert.NotEqual(PermissionGate.Denied, await consenting.ErrorOfAsync(function, fields));
        Assert.NotEqual(PermissionGate.Denied, await control.ErrorOfAsync(function, fields));
        Assert.DoesNotContain("tls", await consenting.ErrorOfAsync(function, fields), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http_get")]
    [InlineData("tcp_request")]
    [InlineData("tcp_write")]
    [InlineData("ws_connect")]
    [InlineData("dns")]
    public async Task C6_BlockedCall_EndsWithinASecondOfItsCancellation(string function)
    {
        await using var server = new TestServer(async (_, token) => await Task.Delay(Timeout.Infinite, token));
        await using var harness = new NetworkHarness { Setting = function == "dns" ? new() { Resolver = new SilentResolver() } : NetworkSetting.Standard };
        var id = function == "tcp_write" ? (await ConnectAsync(harness, server.Port))["conn_id"] : null;
        using var cancel = new CancellationTokenSource();
        var host = function == "dns" ? "a.example" : "127.0.0.1";
        var asked = function == "dns" ? "http_get" : function;
        var request = NetworkHarness.Encode(
            ("url", $"{(function == "ws_connect" ? "ws" : "http")}://{host}:{server.Port}/"), ("addr", $"{host}:{server.Port}"), ("conn_id", id), ("data", new byte[12_000_000]));

        var asking = harness.AskRawAsync(asked, request, cancel.Token);
        await Task.Delay(100, Token);
        Assert.False(asking.IsCompleted);
        var started = Environment.TickCount64;
        await cancel.CancelAsync();
        var answer = await asking.WaitAsync(TimeSpan.FromSeconds(20), Token);

        Assert.InRange(Environment.TickCount64 - started, 0, 1000);
        Assert.Equal("cancelled", answer["error"]);
        await harness.Functions.DisposeAsync();
        await Poll.UntilAsync(() => WaitsForPeers(server) == 0);
    }

    [Fact]
    public async Task C6_ManyCancelledCalls_LeaveNoSocketBehind()
    {
        await using var server = new TestServer(TestServer.HoldAsync);
        await using var harness = new NetworkHarness();
        var before = OpenSockets();

        for (var i = 0; i < 20; i++)
        {
            using var cancel = new CancellationTokenSource(20);
            foreach (var function in new[] { "http_get", "tcp_request", "ws_connect" })
            {
                await harness.AskRawAsync(
                    function, NetworkHarness.Encode(("url", $"{(function == "ws_connect" ? "ws" : "http")}://127.0.0.1:{server.Port}/"), ("addr", $"127.0.0.1:{server.Port}")), cancel.Token);
            }
        }

        await harness.Functions.DisposeAsync();
        await Poll.UntilAsync(() => server.Open == 0 && OpenSockets() <= before + 2);
    }

    private static int OpenSockets() => OperatingSystem.IsLinux()
        ? Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(entry => new FileInfo(entry).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true)
        : 0;

    // A handler that only waits does not see its peer leave; the skill's side is what counts.
    private static int WaitsForPeers(TestServer server) => System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
        .Count(connection => connection.RemoteEndPoint.Port == server.Port && connection.State == System.Net.NetworkInformation.TcpState.Established);

    private static async Task EchoOnceAsync(Stream stream, CancellationToken token)
    {
        var buffer = new byte[65536];
        var read = await stream.ReadAsync(buffer, token);
        await stream.WriteAsync(buffer.AsMemory(0, read), token);
    }

    private static Task<Dictionary<object, object>> ConnectAsync(NetworkHarness harness, int port, string callback = "on_data") =>
        harness.AskAsync("tcp_connect", ("addr", $"127.0.0.1:{port}"), ("callback", callback), ("timeout_ms", 0));

    private sealed class SilentResolver : INameResolver
    {
        public async ValueTask<System.Net.IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return [];
        }
    }
}
