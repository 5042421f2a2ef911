using System.Text;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Network;

/// <summary>The bytes of every network function as each SDK sends and expects them.</summary>
public sealed class NetworkGoldenTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "assets", "golden");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        string[] functions =
        [
            "http_get", "http_post", "http_request", "tcp_request", "tcp_connect", "tcp_set_callback", "tcp_write", "tcp_close", "ws_connect", "ws_send", "ws_close",
        ];
        foreach (var function in functions)
        {
            cases.Add(function, "a");
            cases.Add(function, "g");
            cases.Add(function, "r");
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Function_RequestOfAnSdk_IsAnsweredByteForByte(string function, string sdk)
    {
        var golden = (await File.ReadAllLinesAsync(Path.Combine(s_folder, $"{function}.{sdk}.txt"), Token))
            .Where(line => line[0] != '#').Select(line => line.Split(' ')).ToLookup(part => part[0], part => Convert.FromHexString(part[1]));
        await using var server = Serve(function);
        await using var harness = new NetworkHarness();
        var id = await OpenAsync(harness, function, server.Port);

        var request = Replace(Replace(golden["request"].Single(), "65432", $"{server.Port}"), Zeros(id), id);
        var answer = await harness.AskBytesAsync(function, request, Token);
        if (function.EndsWith("_connect", StringComparison.Ordinal))
        {
            id = Encoding.UTF8.GetString(answer.AsSpan(answer.Length - 34));
        }

        Assert.Equal(Convert.ToHexStringLower(golden["answer"].Single()), Convert.ToHexStringLower(Replace(answer, id, Zeros(id))));
        foreach (var expected in golden["event"])
        {
            await harness.Callbacks.NextAsync();
        }

        Assert.Equal(
            golden["event"].Select(Convert.ToHexStringLower),
            harness.Callbacks.Payloads.Select(payload => Convert.ToHexStringLower(Replace(payload.ToArray(), id, Zeros(id)))));
    }

    private static TestServer Serve(string function) =>
        function.StartsWith("http", StringComparison.Ordinal) ? TestServer.Http((head, _) => head.Contains("/empty", StringComparison.Ordinal)
            ? Encoding.ASCII.GetBytes("HTTP/1.1 204 No Content\r\n\r\n")
            : TestServer.Answer("200 OK\r\nSet-Cookie: s=1; Path=/; HttpOnly\r\nContent-Type: text/plain", "ok"))
        : function.StartsWith("ws", StringComparison.Ordinal) ? WebSocketFunctionsTests.Serve(async (socket, token) =>
        {
            if (function == "ws_connect")
            {
                await socket.SendAsync("hi"u8.ToArray(), System.Net.WebSockets.WebSocketMessageType.Text, true, token);
                await socket.CloseAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, "bye", token);
            }
            else
            {
                await socket.ReceiveAsync(new byte[64].AsMemory(), token);
            }
        })
        : new(async (stream, token) =>
        {
            if (function is "tcp_connect" or "tcp_request")
            {
                await stream.WriteAsync("INFO\r\n"u8.ToArray(), token);
            }
            else
            {
                await TestServer.HoldAsync(stream, token);
            }
        });

    private static async Task<string> OpenAsync(NetworkHarness harness, string function, int port) => function switch
    {
        "tcp_set_callback" or "tcp_write" or "tcp_close" => (string)(await harness.AskAsync("tcp_connect", ("addr", $"127.0.0.1:{port}")))["conn_id"],
        "ws_send" or "ws_close" => (string)(await harness.AskAsync("ws_connect", ("url", $"ws://127.0.0.1:{port}/")))["conn_id"],
        _ => "",
    };

    private static string Zeros(string id) => id.Length == 0 ? "" : id[..2] + new string('0', 32);

    private static byte[] Replace(byte[] bytes, string from, string to) =>
        from.Length == 0 ? bytes : Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(bytes).Replace(from, to, StringComparison.Ordinal));
}
