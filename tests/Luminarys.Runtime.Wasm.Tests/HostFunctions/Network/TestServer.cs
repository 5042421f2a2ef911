using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Network;

/// <summary>A server on a loopback address that does with each connection what the test says.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<Stream, CancellationToken, Task> _serve;
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _running = [];
    private readonly Task _accepting;
    private int _accepted;
    private int _open;

    public TestServer(Func<Stream, CancellationToken, Task> serve, string address = "127.0.0.1", int port = 0, X509Certificate2? certificate = null)
    {
        (_serve, _certificate) = (serve, certificate);
        _listener = new TcpListener(IPAddress.Parse(address), port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Accepted => Volatile.Read(ref _accepted);

    public int Open => Volatile.Read(ref _open);

    /// <summary>The heads of all HTTP requests, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>A server that answers each HTTP request with what <paramref name="answer"/> makes of its head and body.</summary>
    public static TestServer Http(Func<string, byte[], byte[]> answer, string address = "127.0.0.1", int port = 0, X509Certificate2? certificate = null)
    {
        TestServer? server = null;
        var made = new TaskCompletionSource();
        server = new(
            async (stream, token) =>
            {
                await made.Task;
                while (await ReadRequestAsync(stream, token) is { } request)
                {
                    server!.Requests.Enqueue(request.Head);
                    await stream.WriteAsync(answer(request.Head, request.Body), token);
                }
            },
            address,
            port,
            certificate);
        made.SetResult();
        return server;
    }

    /// <summary>An answer with a body and its length.</summary>
    public static byte[] Answer(string head, string body = "") => Answer(head, Encoding.UTF8.GetBytes(body));

    public static byte[] Answer(string head, byte[] body) => [.. Encoding.Latin1.GetBytes($"HTTP/1.1 {head}\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static async Task<(string Head, byte[] Body)?> ReadRequestAsync(Stream stream, CancellationToken token)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, token) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        var length = head.ToString().Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        var body = new byte[length is null ? 0 : int.Parse(length[15..], System.Globalization.CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, token);
        return (head.ToString(), body);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var socket = await _listener.AcceptSocketAsync(_stop.Token);
            Interlocked.Increment(ref _accepted);
            Interlocked.Increment(ref _open);
            _running.Add(ServeAsync(socket));
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (_certificate is not null)
            {
                var secure = new SslStream(stream);
                stream = secure;
                await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
            }

            await using (stream)
            {
                await _serve(stream, _stop.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            socket.Dispose();
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
