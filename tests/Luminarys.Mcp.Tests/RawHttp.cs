using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Luminarys.Mcp;

/// <summary>One HTTP/1.1 request by socket, exactly as written: no client adds, corrects or refuses a header.</summary>
internal static class RawHttp
{
    public const string Call = """
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo__ping","arguments":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}
        """;

    /// <summary>Headers of a call that a server accepts, apart from Host, Content-Type, Accept and Authorization.</summary>
    public const string CallHeaders = "MCP-Protocol-Version: 2026-07-28|Mcp-Method: tools/call|Mcp-Name: echo__ping";

    /// <summary>Sends a request and gives the status and the head of its answer.</summary>
    /// <param name="server">Where to send it.</param>
    /// <param name="method">The method.</param>
    /// <param name="headers">Lines, separated by <c>|</c>; <c>{port}</c> stands for the port of the server.</param>
    /// <param name="body">The body, or none.</param>
    /// <param name="path">The request target.</param>
    public static async Task<(int Status, string Answer)> SendAsync(Uri server, string method, string headers, byte[]? body, string path = "/mcp")
    {
        var port = server.Port.ToString(CultureInfo.InvariantCulture);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(20));
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, timeout.Token);
        var stream = client.GetStream();
        var head = new StringBuilder($"{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        foreach (var line in headers.Replace("{port}", port, StringComparison.Ordinal).Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            head.Append(line).Append("\r\n");
        }

        if (body is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        }

        await stream.WriteAsync(Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), timeout.Token);
        await stream.WriteAsync(body ?? [], timeout.Token);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync(timeout.Token);
        return (int.Parse(answer.AsSpan("HTTP/1.1 ".Length, 3), NumberStyles.None, CultureInfo.InvariantCulture), answer);
    }
}
