using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Luminarys.Permissions;
using Luminarys.Runtime.Wasm.HostFunctions;
using Luminarys.Runtime.Wasm.HostFunctions.Network;
using static Luminarys.Runtime.Wasm.Tests.HostFunctions.Network.NetworkHarness;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Network;

public sealed class WebSocketFunctionsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connect_MessagesAndFarewell_ReachTheCallback()
    {
        await using var server = Serve(async (socket, token) =>
        {
            await socket.SendAsync("hel"u8.ToArray(), WebSocketMessageType.Text, false, token);
            await socket.SendAsync("lo"u8.ToArray(), WebSocketMessageType.Text, true, token);
            await socket.SendAsync(new byte[] { 1, 2 }, WebSocketMessageType.Binary, true, token);
            await socket.CloseAsync((WebSocketCloseStatus)4001, "bye", token);
        });
        await using var harness = new NetworkHarness();

        var id = (string)(await ConnectAsync(harness, server.Port))["conn_id"];
        var text = await harness.Callbacks.NextAsync();
        var binary = await harness.Callbacks.NextAsync();
        var close = await harness.Callbacks.NextAsync();

        Assert.Matches("^w-[0-9a-f]{32}$", id);
        Assert.Equal((id, "message", "text"), ((string)text["conn_id"], (string)text["event"], (string)text["message_type"]));
        Assert.Equal("hello"u8.ToArray(), text["data"]);
        Assert.Equal("binary", binary["message_type"]);
        Assert.Equal(("close", "close", "", "bye"), ((string)close["event"], (string)close["message_type"], (string)close["error_kind"], (string)close["close_text"]));
        Assert.Equal(4001, Convert.ToInt32(close["close_code"]));
        Assert.Equal("invalid argument: conn_id: no such connection", await harness.ErrorOfAsync("ws_send", ("conn_id", id)));
    }

    [Fact]
    public async Task Send_Messages_ArriveWithTheirType()
    {
        var received = new TaskCompletionSource<(WebSocketMessageType, WebSocketMessageType, int, string?)>();
        await using var server = Serve(async (socket, token) =>
        {
            var first = await socket.ReceiveAsync(new byte[64].AsMemory(), token);
            var second = await socket.ReceiveAsync(new byte[64].AsMemory(), token);
            await socket.ReceiveAsync(new byte[64].AsMemory(), token);
            received.SetResult((first.MessageType, second.MessageType, (int)socket.CloseStatus!, socket.CloseStatusDescription));
        });
        await using var harness = new NetworkHarness();

        var id = (await ConnectAsync(harness, server.Port))["conn_id"];
        Assert.Empty(await harness.AskAsync("ws_send", ("conn_id", id), ("data", "x"u8.ToArray()), ("message_type", "")));
        Assert.Empty(await harness.AskAsync("ws_send", ("conn_id", id), ("data", "x"u8.ToArray()), ("message_type", "binary")));
        Assert.Empty(await harness.AskAsync("ws_close", ("conn_id", id), ("code", 0), ("reason", "done")));
        Assert.Empty(await harness.AskAsync("ws_close", ("conn_id", id), ("code", 0), ("reason", "")));

        Assert.Equal((WebSocketMessageType.Text, WebSocketMessageType.Binary, 1000, "done"), await received.Task.WaitAsync(TimeSpan.FromSeconds(20), Token));
        await harness.DisposeAsync();
        Assert.Equal(0, harness.Callbacks.Count);
    }

    [Fact]
    public async Task Send_TextThatIsNotUtf8_IsRefused()
    {
        await using var server = Serve(async (_, token) => await Task.Delay(Timeout.Infinite, token));
        await using var harness = new NetworkHarness();
        var id = (await ConnectAsync(harness, server.Port))["conn_id"];

        Assert.Equal("invalid argument: data: a text message is not UTF-8", await harness.ErrorOfAsync("ws_send", ("conn_id", id), ("data", new byte[] { 0xff }), ("message_type", "text")));
        Assert.Equal("invalid argument: message_type: not text or binary", await harness.ErrorOfAsync("ws_send", ("conn_id", id), ("message_type", "close")));
    }

    [Theory]
    [InlineData(999, "")]
    [InlineData(1005, "")]
    [InlineData(1006, "")]
    [InlineData(1015, "")]
    [InlineData(5000, "")]
    [InlineData(-1, "")]
    [InlineData(1000, "long")]
    public async Task Close_StatusOrReasonThatCannotBeSent_IsRefused(int code, string reason)
    {
        await using var harness = new NetworkHarness();

        Assert.StartsWith(
            "invalid argument: ",
            await harness.ErrorOfAsync("ws_close", ("conn_id", "w"), ("code", code), ("reason", reason.Length > 0 ? new string('x', 124) : "")),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1024 * 1024, "binary")]
    [InlineData((1024 * 1024) + 1, "close")]
    public async Task S9_Message_LargerThanAMebibyte_EndsTheConnection(int size, string type)
    {
        var status = new TaskCompletionSource<WebSocketCloseStatus?>();
        await using var server = Serve(async (socket, token) =>
        {
            await socket.SendAsync(new byte[size], WebSocketMessageType.Binary, true, token);
            if (type == "close")
            {
                await socket.ReceiveAsync(new byte[64].AsMemory(), token);
                status.SetResult(socket.CloseStatus);
            }

            await Task.Delay(Timeout.Infinite, token);
        });
        await using var harness = new NetworkHarness();

        await ConnectAsync(harness, server.Port);
        var message = await harness.Callbacks.NextAsync();

        Assert.Equal(type, message["message_type"]);
        if (type == "close")
        {
            Assert.Equal(("error", "io"), ((string)message["event"], (string)message["error_kind"]));
            Assert.Equal(WebSocketCloseStatus.MessageTooBig, await status.Task.WaitAsync(TimeSpan.FromSeconds(20), Token));
        }
        else
        {
            Assert.Equal(size, ((byte[])message["data"]).Length);
        }
    }

    [Fact]
    public async Task S9_MessagesFasterThanTheSkill_EndTheConnectionWith1013()
    {
        var status = new TaskCompletionSource<WebSocketCloseStatus?>();
        await using var server = Serve(async (socket, token) =>
        {
            for (var i = 0; i < 70; i++)
            {
                await socket.SendAsync("x"u8.ToArray(), WebSocketMessageType.Text, true, token);
            }

            await socket.ReceiveAsync(new byte[64].AsMemory(), token);
            status.SetResult(socket.CloseStatus);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", token);
        });
        await using var harness = new NetworkHarness();
        harness.Callbacks.Gate = new();

        await ConnectAsync(harness, server.Port);
        Assert.Equal(1013, (int?)await status.Task.WaitAsync(TimeSpan.FromSeconds(20), Token));
        harness.Callbacks.Gate.SetResult();

        Dictionary<object, object> message;
        var texts = 0;
        while ((string)(message = await harness.Callbacks.NextAsync())["message_type"] == "text")
        {
            texts++;
        }

        Assert.InRange(texts, 64, 66);
        Assert.Equal(1013, Convert.ToInt32(message["close_code"]));
    }

    [Fact]
    public async Task Ping_IsAnsweredWhileTheSkillIsBusy()
    {
        var ponged = new TaskCompletionSource();
        await using var server = new TestServer(async (stream, token) =>
        {
            await ShakeHandsAsync(stream, token);
            await stream.WriteAsync(new byte[] { 0x81, 1, (byte)'x', 0x89, 2, (byte)'h', (byte)'i' }, token);
            var frame = new byte[8];
            await stream.ReadExactlyAsync(frame, token);
            Assert.Equal(0x8a, frame[0]);
            ponged.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
        await using var harness = new NetworkHarness();
        harness.Callbacks.Gate = new();

        await ConnectAsync(harness, server.Port);

        await ponged.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
    }

    [Fact]
    public async Task Connection_Lost_IsTold()
    {
        await using var server = Serve((socket, _) =>
        {
            socket.Abort();
            return Task.CompletedTask;
        });
        await using var harness = new NetworkHarness();

        await ConnectAsync(harness, server.Port);
        var last = await harness.Callbacks.NextAsync();

        Assert.Equal(("error", "close"), ((string)last["event"], (string)last["message_type"]));
        Assert.Matches("^(eof|reset|io)$", (string)last["error_kind"]);
        Assert.Equal(1006, Convert.ToInt32(last["close_code"]));
    }

    [Fact]
    public async Task Connection_Silence_EndsWithATimeoutAfterFiveMinutes()
    {
        var clock = new FakeClock();
        await using var server = Serve(async (socket, token) => await socket.ReceiveAsync(new byte[64].AsMemory(), token));
        await using var harness = new NetworkHarness { Time = clock };

        await ConnectAsync(harness, server.Port);
        clock.Advance(TimeSpan.FromMinutes(4.9));
        Assert.Equal(0, harness.Callbacks.Count);
        clock.Advance(TimeSpan.FromMinutes(0.2));

        Assert.Equal("timeout", (await harness.Callbacks.NextAsync())["error_kind"]);
    }

    [Fact]
    public async Task Connection_SkillIsBusyWithMessages_IsNotIdle()
    {
        var clock = new FakeClock();
        await using var server = Serve(async (socket, token) =>
        {
            await socket.SendAsync("a"u8.ToArray(), WebSocketMessageType.Text, true, token);
            await socket.SendAsync("b"u8.ToArray(), WebSocketMessageType.Text, true, token);
            await socket.ReceiveAsync(new byte[64].AsMemory(), token);
            await Task.Delay(Timeout.Infinite, token);
        });
        await using var harness = new NetworkHarness { Time = clock };
        var first = harness.Callbacks.Gate = new();

        var id = (await ConnectAsync(harness, server.Port))["conn_id"];
        Assert.Equal("a"u8.ToArray(), (await harness.Callbacks.NextAsync())["data"]);
        clock.Advance(TimeSpan.FromMinutes(6));

        // What the skill sends from its callback does not end the pause.
        Assert.Empty(await harness.AskAsync("ws_send", ("conn_id", id), ("data", "x"u8.ToArray())));
        clock.Advance(TimeSpan.FromMinutes(6));
        var second = harness.Callbacks.Gate = new();
        first.SetResult();
        Assert.Equal("b"u8.ToArray(), (await harness.Callbacks.NextAsync())["data"]);
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Empty(await harness.AskAsync("ws_send", ("conn_id", id), ("data", "y"u8.ToArray())));
        Assert.Equal(0, harness.Callbacks.Count);
        harness.Callbacks.Gate = null;
        second.SetResult();

        // From here on it is idle, and ends.
        await Poll.UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromMinutes(5));
            return harness.Callbacks.Count > 0;
        });
        Assert.Equal("timeout", (await harness.Callbacks.NextAsync())["error_kind"]);
    }

    [Fact]
    public async Task Connect_MoreThan8_AreRefused()
    {
        await using var server = Serve(async (_, token) => await Task.Delay(Timeout.Infinite, token));
        await using var harness = new NetworkHarness();
        for (var i = 0; i < 8; i++)
        {
            Assert.True((await ConnectAsync(harness, server.Port)).ContainsKey("conn_id"));
        }

        Assert.Equal("too many connections: 8 are allowed", await harness.ErrorOfAsync("ws_connect", ("url", $"ws://127.0.0.1:{server.Port}/")));
        harness.Functions.OnInstanceDiscarded();
        Assert.True((await ConnectAsync(harness, server.Port)).ContainsKey("conn_id"));
        Assert.Equal(0, harness.Callbacks.Count);
    }

    [Theory]
    [InlineData("http://127.0.0.1/", "invalid argument: url: its scheme is not ws or wss")]
    [InlineData("ws://u:p@127.0.0.1/", "invalid argument: url: it holds user-info")]
    [InlineData("ws://169.254.169.254/", PermissionGate.Denied)]
    [InlineData("ws://metadata.google.internal/", PermissionGate.Denied)]
    public async Task S3_Connect_ToWhatIsForbidden_IsRefused(string url, string error)
    {
        await using var harness = new NetworkHarness();

        Assert.Equal(error, await harness.ErrorOfAsync("ws_connect", ("url", url)));
    }

    [Theory]
    [InlineData("ws://a.example/**", false, PermissionGate.Denied)]
    [InlineData("http://a.example/**", false, PermissionGate.Denied)]
    [InlineData("https://a.example/**", true, PermissionGate.Denied)]
    [InlineData("http://a.example/**", true, "io: host not found")]
    public async Task Connect_Grant_IsTheOneOfHttpWithItsFlag(string pattern, bool allows, string error)
    {
        await using var harness = new NetworkHarness { Permissions = new() { Http = new([pattern], 0, allows) }, Setting = new() { Resolver = new TestResolver() } };

        Assert.Equal(error, await harness.ErrorOfAsync("ws_connect", ("url", "ws://a.example/")));
    }

    [Theory]
    [InlineData("Sec-WebSocket-Key", "x")]
    [InlineData("Sec-WebSocket-Extensions", "permessage-deflate")]
    [InlineData("Host", "b.example")]
    [InlineData("Upgrade", "x")]
    [InlineData("X", "a\r\nb")]
    [InlineData("Sec-WebSocket-Protocol", "a b")]
    public async Task Connect_HeaderOfTheHandshake_IsRefused(string name, string value)
    {
        await using var harness = new NetworkHarness();

        Assert.StartsWith(
            "invalid argument: headers: ", await harness.ErrorOfAsync("ws_connect", ("url", "ws://127.0.0.1:1/"), ("headers", new[] { Header(name, value) })), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_HeadersAndProtocols_AreSent()
    {
        var head = new TaskCompletionSource<string>();
        await using var server = new TestServer(async (stream, token) => head.SetResult(await ShakeHandsAsync(stream, token, "chat")));
        await using var harness = new NetworkHarness();

        await harness.AskAsync(
            "ws_connect", ("url", $"ws://127.0.0.1:{server.Port}/x?y"), ("headers", new[] { Header("Authorization", "k"), Header("Sec-WebSocket-Protocol", "chat, talk") }), ("callback", ""));

        var sent = await head.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.StartsWith("GET /x?y HTTP/1.1", sent, StringComparison.Ordinal);
        Assert.Contains("Authorization: k", sent, StringComparison.Ordinal);
        Assert.Contains("chat, talk", sent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("403 Forbidden")]
    [InlineData("302 Found\r\nLocation: ws://127.0.0.2/")]
    public async Task Connect_UpgradeRefused_IsAnError(string status)
    {
        await using var server = TestServer.Http((_, _) => TestServer.Answer(status));
        await using var harness = new NetworkHarness();

        Assert.Equal("io: the server refused the WebSocket upgrade", await harness.ErrorOfAsync("ws_connect", ("url", $"ws://127.0.0.1:{server.Port}/")));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Connect_Tls_ChecksTheName()
    {
        using var authority = new TestAuthority();
        await using var server = new TestServer(
            async (stream, token) =>
            {
                await ShakeHandsAsync(stream, token);
                await Task.Delay(Timeout.Infinite, token);
            },
            certificate: authority.Issue("a.example"));
        var resolver = new TestResolver(("a.example", ["127.0.0.1"]), ("b.example", ["127.0.0.1"]));
        await using var harness = new NetworkHarness { Setting = new() { Resolver = resolver, Authority = authority.Certificate } };

        Assert.True((await harness.AskAsync("ws_connect", ("url", $"wss://a.example:{server.Port}/"))).ContainsKey("conn_id"));
        Assert.StartsWith("tls: ", await harness.ErrorOfAsync("ws_connect", ("url", $"wss://b.example:{server.Port}/")), StringComparison.Ordinal);
    }

    private static Task<Dictionary<object, object>> ConnectAsync(NetworkHarness harness, int port) =>
        harness.AskAsync("ws_connect", ("url", $"ws://127.0.0.1:{port}/"), ("headers", null), ("timeout_ms", 0), ("callback", "on_data"), ("insecure", false));

    internal static TestServer Serve(Func<WebSocket, CancellationToken, Task> serve) => new(async (stream, token) =>
    {
        await ShakeHandsAsync(stream, token);
        using var socket = WebSocket.CreateFromStream(stream, isServer: true, null, TimeSpan.Zero);
        try
        {
            await serve(socket, token);
        }
        catch (WebSocketException)
        {
            // The other side left first, which is its right.
            socket.Abort();
        }
    });

    private static async Task<string> ShakeHandsAsync(Stream stream, CancellationToken token, string? protocol = null)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, token);
            head.Append((char)one[0]);
        }

        var key = head.ToString().Split("\r\n").Single(line => line.StartsWith("Sec-WebSocket-Key: ", StringComparison.OrdinalIgnoreCase))[19..];
        var accept = Convert.ToBase64String(Hash(key));
        var chosen = protocol is null ? "" : $"Sec-WebSocket-Protocol: {protocol}\r\n";
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n{chosen}\r\n"), token);
        return head.ToString();
    }

#pragma warning disable CA5350 // The WebSocket handshake is defined with SHA-1.
    private static byte[] Hash(string key) => SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
#pragma warning restore CA5350
}
