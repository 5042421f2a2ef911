using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Compare;

/// <summary>
/// One connection with a server, the same for every server: requests as bytes, one after the other; of protocol 2025-06-18 with a session, of 2026-07-28 without one.
/// </summary>
internal sealed class RawClient : IDisposable
{
    public const string WithSession = "2025-06-18";
    public const string WithoutSession = "2026-07-28";

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1, UseProxy = false });
    private readonly Peer _peer;
    private readonly string _protocol;
    private readonly byte[] _call;
    private string? _session;

    private RawClient(Peer peer, string protocol)
    {
        _peer = peer;
        _protocol = protocol;
        var about = protocol == WithSession ? "" : $$$"""
            ,"_meta":{"io.modelcontextprotocol/protocolVersion":"{{{protocol}}}","io.modelcontextprotocol/clientInfo":{"name":"compare","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}
            """;
        _call = Encoding.UTF8.GetBytes(
            $$$"""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"{{{peer.Tool}}}","arguments":{"message":"hello"}{{{about}}} }}""");
    }

    public static async Task<RawClient> OpenAsync(Peer peer, string protocol = WithSession)
    {
        var client = new RawClient(peer, protocol);
        if (protocol != WithSession)
        {
            return client;
        }

        using var response = await client.SendAsync(Encoding.UTF8.GetBytes(
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"compare","version":"1"}}}"""));
        client._session = response.Headers.GetValues("Mcp-Session-Id").First();
        using var done = await client.SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}"""u8.ToArray());
        return client;
    }

    /// <summary>Calls the tool and looks at the answer.</summary>
    public async Task CallAsync()
    {
        using var response = await SendAsync(_call);
        var body = await response.Content.ReadAsByteArrayAsync();
        if (body.AsSpan().IndexOf("hello"u8) < 0 || body.AsSpan().IndexOf("\"isError\":true"u8) >= 0)
        {
            throw new IOException($"not what was asked for: {Encoding.UTF8.GetString(body)}");
        }
    }

    /// <summary>Lists the tools from the first page to the last, and answers how many there are.</summary>
    public async Task<int> ListAsync()
    {
        var (count, cursor) = (0, (string?)null);
        do
        {
            var parameters = cursor is null ? "{}" : $"{{\"cursor\":{JsonSerializer.Serialize(cursor)}}}";
            using var response = await SendAsync(Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/list\",\"params\":{parameters}}}"));
            var body = await response.Content.ReadAsByteArrayAsync();
            var begin = Math.Max(0, body.AsSpan().IndexOf("{\"result\""u8));
            count += body.AsSpan().Count("\"inputSchema\""u8);
            cursor = body.AsSpan().IndexOf("\"nextCursor\""u8) < 0 ? null
                : JsonDocument.Parse(body.AsMemory(begin..(body.AsSpan().LastIndexOf((byte)'}') + 1))).RootElement.GetProperty("result").GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        return count;
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _peer.Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (_session is not null)
        {
            request.Headers.TryAddWithoutValidation("Mcp-Session-Id", _session);
            request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", _protocol);
        }
        else if (_protocol == WithoutSession)
        {
            request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", _protocol);
            request.Headers.TryAddWithoutValidation("Mcp-Method", "tools/call");
            request.Headers.TryAddWithoutValidation("Mcp-Name", _peer.Tool);
        }

        var response = await _http.SendAsync(request);
        return response.EnsureSuccessStatusCode();
    }
}
