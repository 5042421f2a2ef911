using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace Luminarys.Runtime.Wasm.Tests.Conformance;

/// <summary>A server on loopback that says what it was asked, and repeats what comes over a WebSocket.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly SemaphoreSlim _closed = new(0);

    public LoopbackServer()
    {
        var port = FreePort();
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        Http = $"http://127.0.0.1:{port}";
        WebSocket = $"ws://127.0.0.1:{port}";
        _ = ServeAsync();
    }

    public string Http { get; }

    public string WebSocket { get; }

    /// <summary>Completes when so many WebSockets have ended.</summary>
    public async Task WaitForClosedAsync(int count)
    {
        while (count-- > 0)
        {
            await _closed.WaitAsync();
        }
    }

    public void Dispose() => _listener.Close();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        if (context.Request.IsWebSocketRequest)
        {
            try
            {
                await RepeatAsync((await context.AcceptWebSocketAsync(null)).WebSocket);
            }
            finally
            {
                _closed.Release();
            }

            return;
        }

        using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
        string?[] words =
        [
            context.Request.HttpMethod, context.Request.RawUrl, context.Request.ContentType, context.Request.Headers["X-One"],
            context.Request.Headers["X-Two"], context.Request.Headers["Cookie"], await reader.ReadToEndAsync(),
        ];
        if (context.Request.RawUrl == "/damaged")
        {
            context.Response.Headers["Content-Encoding"] = "br";
        }

        context.Response.Headers["X-Answer"] = "yes";
        context.Response.Headers["Set-Cookie"] = "s=1";
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(string.Join(' ', words.Where(word => !string.IsNullOrEmpty(word)))));
        context.Response.Close();
    }

    private static async Task RepeatAsync(WebSocket socket)
    {
        var buffer = new byte[1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, CancellationToken.None);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, CancellationToken.None);
        }
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                _ = AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return; // The test is over.
            }
        }
    }
}
