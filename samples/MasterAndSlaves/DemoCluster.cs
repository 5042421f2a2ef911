using System.Net;
using System.Net.Sockets;

namespace MasterAndSlaves;

/// <summary>The running nodes: as processes on a NATS server, or in this process.</summary>
internal sealed class DemoCluster : IAsyncDisposable
{
    private readonly DemoFiles _files;
    private readonly List<ChildProcess> _processes = [];
    private InProcessCluster? _inProcess;

    private DemoCluster(DemoFiles files) => _files = files;

    public static async Task<DemoCluster> StartAsync(DemoFiles files, CancellationToken cancellationToken)
    {
        var cluster = new DemoCluster(files);
        try
        {
            if (ChildProcess.Find("nats-server") is { } natsServer)
            {
                cluster.StartProcesses(natsServer);
            }
            else
            {
                Console.WriteLine("No nats-server on this machine: the three nodes share one process and the in-process loopback bus.");
                cluster._inProcess = await InProcessCluster.StartAsync(files, cancellationToken);
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a process ends by itself, which is an error, or until cancellation.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var never = Task.Delay(Timeout.Infinite, cancellationToken);
        var ended = await Task.WhenAny([never, .. _processes.Select(process => process.WaitAsync(cancellationToken))]);
        await ended;
        throw new DemoException("a node ended by itself.\n" + string.Join('\n', _processes.Select(process => process.Tail())));
    }

    public async ValueTask DisposeAsync()
    {
        // Nodes first, then the server they talk through.
        foreach (var process in Enumerable.Reverse(_processes))
        {
            await process.DisposeAsync();
        }

        if (_inProcess is not null)
        {
            await _inProcess.DisposeAsync();
        }

        _files.Dispose();
    }

    private void StartProcesses(string natsServer)
    {
        var port = FreePort();
        Console.WriteLine($"NATS server: {natsServer} on 127.0.0.1:{port}");
        _processes.Add(ChildProcess.Start(_files.Folder, "nats", natsServer, "-a", "127.0.0.1", "-p", $"{port}", "--auth", _files.Token));
        foreach (var node in DemoFiles.SkillOfNode.Keys)
        {
            var configuration = _files.WriteConfiguration(node, $"nats://127.0.0.1:{port}");
            _processes.Add(ChildProcess.Start(
                _files.Folder, node, "dotnet", Path.Combine(AppContext.BaseDirectory, "luminarys.dll"), "-config", configuration));
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
