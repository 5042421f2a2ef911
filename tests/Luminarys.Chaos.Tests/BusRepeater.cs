using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Luminarys.Chaos;

/// <summary>
/// A stranger on the bus with a wildcard subscription, which suppresses the server's notice that nobody listens. It may also send chosen messages
/// again, byte for byte, as no bus should and as every node must bear. Speaks the bus's text protocol itself.
/// </summary>
internal sealed class BusRepeater : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<string, IReadOnlyList<TimeSpan>> _again;
    private Task _reading = Task.CompletedTask;
    private int _repeated;

    private BusRepeater(Socket socket, Func<string, IReadOnlyList<TimeSpan>> again) =>
        (_socket, _stream, _again) = (socket, new NetworkStream(socket), again);

    /// <summary>Messages that were sent again.</summary>
    public int Repeated => Volatile.Read(ref _repeated);

    /// <summary>Completes when the server closed the connection.</summary>
    public Task Ended => _reading;

    /// <summary>Listens to everything.</summary>
    public static Task<BusRepeater> ListenAsync(int port, string token) => StartAsync(port, token, _ => []);

    /// <summary>Listens to everything, and sends messages again after the times that the function answers for their subject.</summary>
    public static async Task<BusRepeater> StartAsync(int port, string token, Func<string, IReadOnlyList<TimeSpan>> again)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var repeater = new BusRepeater(socket, again);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        repeater._reading = repeater.ReadAsync(ready);

        // Not its own messages: what it sent again would come back for ever.
        await repeater.WriteAsync(
            $$"""CONNECT {"verbose":false,"pedantic":false,"echo":false,"headers":true,"auth_token":"{{token}}","lang":"chaos","version":"1"}""" + "\r\nSUB > 1\r\nPING\r\n", []);
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(10));
        return repeater;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _socket.Close(0);
        await _reading;
        await _stream.DisposeAsync();
        _writing.Dispose();
        _stopping.Dispose();
    }

    private async Task ReadAsync(TaskCompletionSource ready)
    {
        try
        {
            var buffered = new BufferedStream(_stream, 256 * 1024);
            while (await LineAsync(buffered) is { } line)
            {
                switch (line.Split(' ')[0])
                {
                    case "PING":
                        await WriteAsync("PONG\r\n", []);
                        break;
                    case "PONG":
                        ready.TrySetResult();
                        break;
                    case "MSG" or "HMSG":
                        await TakeAsync(line.Split(' '), buffered);
                        break;
                    case "-ERR":
                        ready.TrySetException(new InvalidOperationException(line));
                        break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The server was restarted, or the test is over.
        }

        ready.TrySetException(new IOException("the bus closed the connection"));
    }

    // MSG subject sid [reply] bytes, HMSG subject sid [reply] header-bytes bytes; then the bytes and an end of line.
    private async Task TakeAsync(string[] words, Stream stream)
    {
        var hasHeaders = words[0] == "HMSG";
        var hasReply = words.Length > (hasHeaders ? 5 : 4);
        var body = new byte[int.Parse(words[^1], CultureInfo.InvariantCulture) + 2];
        await stream.ReadExactlyAsync(body, _stopping.Token);
        var head = new StringBuilder(hasHeaders ? "HPUB " : "PUB ").Append(words[1]);
        if (hasReply)
        {
            head.Append(' ').Append(words[3]);
        }

        if (hasHeaders)
        {
            head.Append(' ').Append(words[^2]);
        }

        head.Append(' ').Append(words[^1]).Append("\r\n");
        foreach (var pause in _again(words[1]))
        {
            _ = SendAgainAsync(head.ToString(), body, pause);
        }
    }

    private async Task SendAgainAsync(string head, byte[] body, TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, _stopping.Token);
            await WriteAsync(head, body);
            Interlocked.Increment(ref _repeated);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The server was restarted, or the test is over.
        }
    }

    private async Task WriteAsync(string head, byte[] body)
    {
        await _writing.WaitAsync(_stopping.Token);
        try
        {
            await _stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body], _stopping.Token);
        }
        finally
        {
            _writing.Release();
        }
    }

    private static async Task<string?> LineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        return null;
    }
}
