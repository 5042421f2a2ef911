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
            RequireFree(files.Port);
            await files.SignAsync(cancellationToken);
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

    /// <summary>Does something as long as every process lives; a process that ends by itself is an error.</summary>
    public async Task WhileAliveAsync(Func<CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var acting = act(over.Token);
        var first = await Task.WhenAny([acting, .. _processes.Select(process => process.WaitAsync(over.Token))]);
        if (first != acting)
        {
            // A signal of the terminal reaches the nodes too; then their end is no error, and this program hears of it as well.
            await Task.Delay(TimeSpan.FromSeconds(0.5), cancellationToken);
            throw new DemoException("a node ended by itself.\n" + Tails());
        }

        try
        {
            await acting;
        }
        catch (DemoException problem)
        {
            throw new DemoException($"{problem.Message}\n{Tails()}");
        }
        finally
        {
            await over.CancelAsync();
        }
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

    private string Tails() => string.Join('\n', _processes.Select(process => process.Tail()));

    private static void RequireFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException)
        {
            throw new DemoException($"port {port} is in use; try --port N");
        }
    }

    private void StartProcesses(string natsServer)
    {
        var port = FreePort();
        Console.WriteLine($"NATS server: {natsServer} on 127.0.0.1:{port}");
        _processes.Add(ChildProcess.Start(_files.Folder, "nats", natsServer, ["-a", "127.0.0.1", "-p", $"{port}", "--auth", _files.BusToken]));
        foreach (var node in DemoFiles.Nodes)
        {
            _processes.Add(ChildProcess.Start(
                _files.Folder,
                node,
                "dotnet",
                [Path.Combine(AppContext.BaseDirectory, "luminarys.dll"), "-config", DemoFiles.ConfigurationOf(node)],
                _files.VariablesOf(node, $"nats://127.0.0.1:{port}")));
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
