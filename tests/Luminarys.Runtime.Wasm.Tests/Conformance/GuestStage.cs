using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Luminarys.Invocations;
using Luminarys.Manifests;
using Luminarys.Nodes;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Tests.Commands;
using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Tests.Conformance;

/// <summary>A guest with everything that its functions reach: a directory, servers on loopback, a language model, a node of a cluster without a relay.</summary>
internal sealed class GuestStage : IAsyncDisposable
{
    private const string Prefix = "abi error: ";

    private readonly string _state = Directory.CreateTempSubdirectory("luminarys-state-").FullName;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private RuntimeHarness _harness = null!;

    private GuestStage() => _listener.Start();

    public string Root { get; } = Directory.CreateTempSubdirectory("luminarys-guests-").FullName;

    public LoopbackServer Server { get; } = new();

    public RecordingModel Model { get; } = new();

    public SharedHost Host { get; } = new()
    {
        Cluster = new(
            new NodeId("n1"), [new(new NodeId("n1"), NodeRole.Slave, [RuntimeHarness.Id]), new(new NodeId("n0"), NodeRole.Master, [])]),
    };

    public RuntimeHarness Harness => _harness;

    /// <summary>Where a TCP server listens that does what the test makes it do.</summary>
    public string TcpAddress => _listener.LocalEndpoint.ToString()!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts a guest; with everything granted, or with nothing.</summary>
    public static async Task<GuestStage> StartAsync(string guest, bool isGranted = true, bool hasModel = true, TimeProvider? time = null)
    {
        var stage = new GuestStage();
        stage._harness = new(
            options =>
            {
                options.CacheDirectory = WasmAssets.Cache;
                options.StateDirectory = stage._state;
                options.SkillLog = true;
            },
            time,
            model: hasModel ? stage.Model : null) { Host = stage.Host };
        stage.Host.Runtime = stage._harness.Runtime;
        var loaded = await stage._harness.LoadAsync(guest, manifest => stage.Grant(manifest, isGranted));
        stage._harness.Runtime.Activate(RuntimeHarness.Id);
        Assert.Null(loaded.Error);
        return stage;
    }

    public string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>Makes a file in the granted directory and answers its path.</summary>
    public string Write(string relative, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        File.WriteAllText(PathOf(relative), content);
        return PathOf(relative);
    }

    /// <summary>Calls a function through the guest, which decodes the answer, or panics when it cannot.</summary>
    public Task<JsonElement> AskAsync(string function, params (string Key, object? Value)[] arguments) => _harness.AskJsonAsync(function, arguments);

    /// <summary>Calls a function that must fail; what the guest was told, without what its library puts before it.</summary>
    public async Task<string> FailAsync(string function, params (string Key, object? Value)[] arguments)
    {
        var result = await _harness.InvokeAsync(function, RuntimeHarness.Pack(arguments));
        Assert.Equal((InvocationError.SkillError, true), (result.Error, result.Message?.StartsWith(Prefix, StringComparison.Ordinal)));
        var text = result.Message![Prefix.Length..];
        return text.StartsWith($"{function}: ", StringComparison.Ordinal) ? text[(function.Length + 2)..] : text;
    }

    /// <summary>Accepts what the guest connects.</summary>
    public async Task<NetworkStream> AcceptAsync() => new(await _listener.AcceptSocketAsync(Token), ownsSocket: true);

    /// <summary>Connects the guest with the TCP server.</summary>
    public async Task<(string Id, NetworkStream Peer)> ConnectTcpAsync(string callback)
    {
        var connected = await AskAsync("tcp_connect", ("addr", TcpAddress), ("callback", callback), ("timeout_ms", 5000));
        return (connected.GetProperty("conn_id").GetString()!, await AcceptAsync());
    }

    /// <summary>Connects the guest with the WebSocket server, which repeats every message.</summary>
    public async Task<string> ConnectWebSocketAsync(string callback)
    {
        var connected = await AskAsync(
            "ws_connect", ("url", $"{Server.WebSocket}/ws"), ("headers", new object[] { Header("X-One", "1") }), ("callback", callback));
        return connected.GetProperty("conn_id").GetString()!;
    }

    /// <summary>The arguments of the callbacks so far, once there are so many.</summary>
    public async Task<List<Dictionary<object, object>>> EventsAsync(int count)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(30); ;)
        {
            var events = ((object[])(await _harness.AskAsync("events"))!).Cast<Dictionary<object, object>>().ToList();
            if (events.Count >= count)
            {
                return events;
            }

            Assert.True(
                DateTime.UtcNow < deadline,
                string.Create(CultureInfo.InvariantCulture, $"{events.Count} of {count} events arrived; {string.Join('\n', _harness.Log.All)}"));
            await Task.Delay(10, Token);
        }
    }

    public static Dictionary<object, object> Header(string name, string value) => new() { ["name"] = name, ["value"] = value };

    public async ValueTask DisposeAsync()
    {
        await _harness.DisposeAsync();
        _listener.Stop();
        Server.Dispose();
        Directory.Delete(Root, recursive: true);
        Directory.Delete(_state, recursive: true);
    }

    private Manifest Grant(Manifest manifest, bool isGranted)
    {
        var plain = GuestConformance.Grant(manifest);
        if (!isGranted)
        {
            return plain;
        }

        ImmutableArray<DirectoryGrant> directories = [new(Root, AccessMode.ReadWrite)];
        return plain with
        {
            InvokePolicy = new(["*"], ["*"]),
            Permissions = plain.Permissions with
            {
                Directories = directories,
                Http = new([$"{Server.Http}/**"], 1 << 20, AllowWebSocket: true),
                Tcp = new([TcpAddress], InternalAddresses: false),
                Shell = new(["echo **"], [Root]),
                FileTransfer = new(["n2"], directories),
            },
        };
    }
}
