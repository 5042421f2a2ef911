using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Luminarys.Benchmarks.Remote;

/// <summary>A stock NATS server of this run, on loopback.</summary>
internal sealed class NatsServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private NatsServerProcess(Process process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    public static NatsServerProcess Start()
    {
        var port = FreePort();
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin")
            .Select(folder => Path.Combine(folder, "nats-server")).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException("This benchmark needs nats-server on PATH: apt-get install nats-server");
        var process = Process.Start(new ProcessStartInfo(program, ["-a", "127.0.0.1", "-p", $"{port}"]) { RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return new(process, $"nats://127.0.0.1:{port}");
    }

    /// <summary>Time of all cores that the server has used since it started.</summary>
    public TimeSpan Processor()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
