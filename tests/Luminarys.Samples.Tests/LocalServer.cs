using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Luminarys.Samples;

/// <summary>An HTTP server on loopback that keeps requests as they came and answers what a test says, byte for byte.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, string> _answer;
    private readonly Task _accepting;

    /// <param name="answer">Gets the path with its query; answers the whole response.</param>
    public LocalServer(Func<string, string> answer)
    {
        _answer = answer;
        _listener.Start();
        Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    /// <summary>Without a path.</summary>
    public string Url { get; }

    /// <summary>The requests so far, heads and bodies.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>A whole response.</summary>
    public static string Response(string body, string status = "200 OK", string headers = "") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{headers}\r\n{body}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ServeAsync(client.GetStream());
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
            {
                // The test has ended, or the client went away: a test sees that in what it gets.
            }
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        var text = "";
        var buffer = new byte[8192];
        while (!IsWhole(text))
        {
            var count = await stream.ReadAsync(buffer, _stop.Token);
            if (count == 0)
            {
                return;
            }

            text += Encoding.UTF8.GetString(buffer, 0, count);
        }

        Requests.Enqueue(text);
        var response = _answer(text.Split(' ')[1]);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.StartsWith("HEAD ", StringComparison.Ordinal) ? HeadOf(response) : response), _stop.Token);
    }

    private static string HeadOf(string message) => message[..(message.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)];

    private static bool IsWhole(string text)
    {
        const string Length = "Content-Length: ";
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var header = text.IndexOf(Length, StringComparison.OrdinalIgnoreCase);
        var length = header < 0 || header > end ? 0 : int.Parse(text.AsSpan(header + Length.Length).ToString().Split('\r')[0], CultureInfo.InvariantCulture);
        return end >= 0 && Encoding.UTF8.GetByteCount(text.AsSpan(end + 4)) >= length;
    }
}
