using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Luminarys.Transport.Nats.Tests;

/// <summary>A real <c>nats-server</c> on a free port of the loopback interface, with a folder of its own for configuration and certificates.</summary>
internal sealed class NatsServer : IAsyncDisposable
{
    private const string Hint =
        "nats-server is not installed; install it (Debian: apt-get install nats-server; macOS: brew install nats-server) to run these tests.";

    private readonly string _folder = Directory.CreateTempSubdirectory("luminarys-nats-").FullName;
    private string _arguments = "";
    private Process? _process;

    private NatsServer()
    {
    }

    public int Port { get; private set; }

    public string Url => $"nats://127.0.0.1:{Port}";

    public string Folder => _folder;

    /// <summary>A server that is not started yet; skips the test when the program is missing, fails it in CI.</summary>
    public static NatsServer Create()
    {
        if (Find() is null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", Hint);
            Assert.Fail(Hint);
        }

        return new NatsServer { Port = FreePort() };
    }

    public static async Task<NatsServer> StartAsync(string arguments = "", string? configuration = null)
    {
        var server = Create();
        await server.RunAsync(arguments, configuration);
        return server;
    }

    /// <summary>Starts the program and waits until it takes connections.</summary>
    public async Task RunAsync(string? arguments = null, string? configuration = null)
    {
        _arguments = arguments ?? _arguments;
        if (configuration is not null)
        {
            var file = Path.Combine(_folder, "server.conf");
            await File.WriteAllTextAsync(file, configuration);
            _arguments += $" -c {file}";
        }

        var deadline = Stopwatch.StartNew();
        while (true)
        {
            _process = Process.Start(new ProcessStartInfo(Find()!, $"-a 127.0.0.1 -p {Port} -l {Path.Combine(_folder, "server.log")} {_arguments}"))!;
            while (!_process.HasExited)
            {
                if (await IsListeningAsync())
                {
                    return;
                }

                if (deadline.Elapsed > TimeSpan.FromSeconds(20))
                {
                    throw new TimeoutException("nats-server did not take connections within 20 s.");
                }

                await Task.Delay(10);
            }

            if (deadline.Elapsed > TimeSpan.FromSeconds(10))
            {
                throw new InvalidOperationException($"nats-server exited: {await File.ReadAllTextAsync(Path.Combine(_folder, "server.log"))}");
            }
        }
    }

    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    /// <summary>Stops the process without ending it: connections stay, nothing is answered.</summary>
    public void Freeze() => Assert.Equal(0, Signal(_process!.Id, 19));

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Append("/usr/sbin").Append("/usr/local/sbin")
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "nats-server.exe" : "nats-server"))
        .FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> IsListeningAsync()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
