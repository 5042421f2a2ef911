using System.Net;
using System.Net.Sockets;

namespace Luminarys.E2E;

/// <summary>Stands before a TCP service and keeps every byte that goes through, in both directions.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<MemoryStream> _records = [];
    private readonly List<Task> _work = [];
    private readonly int _target;

    public RecordingProxy(int target)
    {
        _target = target;
        _listener.Start();
        _work.Add(AcceptAsync());
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What went through: one item for each direction of each connection.</summary>
    public IReadOnlyList<byte[]> Records
    {
        get
        {
            lock (_records)
            {
                return [.. _records.Select(Copy)];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAll(_work);
        _stop.Dispose();
    }

    private static byte[] Copy(MemoryStream record)
    {
        lock (record)
        {
            return record.ToArray();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                _work.Add(CarryAsync(client, server));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // Stopped, or nobody there.
        }
    }

    private async Task CarryAsync(TcpClient client, TcpClient server)
    {
        using (client)
        using (server)
        {
            await Task.WhenAny(CopyAsync(client, server), CopyAsync(server, client));
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        var record = new MemoryStream();
        lock (_records)
        {
            _records.Add(record);
        }

        var buffer = new byte[64 * 1024];
        try
        {
            for (int count; (count = await from.GetStream().ReadAsync(buffer, _stop.Token)) > 0;)
            {
                lock (record)
                {
                    record.Write(buffer, 0, count);
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // One of the two has ended.
        }
    }
}
