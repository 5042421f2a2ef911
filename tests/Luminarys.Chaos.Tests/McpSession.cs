using System.Net.Http.Headers;
using System.Text;

namespace Luminarys.Chaos;

/// <summary>A client of a protocol version with sessions, in which a call is cancelled by a message and not by hanging up.</summary>
internal sealed class McpSession : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Uri _endpoint;

    private McpSession(int port) => _endpoint = new($"http://127.0.0.1:{port}/mcp");

    public static async Task<McpSession> OpenAsync(int port, CancellationToken cancellationToken)
    {
        var session = new McpSession(port);
        using var opened = await session.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"chaos","version":"1"}}}""",
            cancellationToken);
        session._http.DefaultRequestHeaders.Add("Mcp-Session-Id", opened.Headers.GetValues("Mcp-Session-Id").Single());
        session._http.DefaultRequestHeaders.Add("MCP-Protocol-Version", "2025-11-25");
        using var ready = await session.PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", cancellationToken);
        return session;
    }

    /// <summary>Calls a tool; completes when the answer begins.</summary>
    public async Task CallAsync(int id, string tool, string arguments, CancellationToken cancellationToken)
    {
        using var answer = await PostAsync(
            $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""", cancellationToken);
    }

    /// <summary>Says that the answer to a request is not wanted any more.</summary>
    public async Task CancelAsync(int id, CancellationToken cancellationToken)
    {
        using var accepted = await PostAsync(
            $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{id}}}}}""", cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> PostAsync(string message, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = new StringContent(message, Encoding.UTF8, "application/json") };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.EnsureSuccessStatusCode();
    }
}
