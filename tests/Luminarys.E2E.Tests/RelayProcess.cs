using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Luminarys.Nodes;
using Luminarys.Transfers;
using Luminarys.Transport.Tcp.Relay;

namespace Luminarys.E2E;

/// <summary><c>luminarys relay</c> as a process of its own, and guests that know its secret.</summary>
internal sealed partial class RelayProcess : IAsyncDisposable
{
    private const string Secret = "a secret of relay and guests";
    private static readonly RelayKeys s_keys = new(RelayKey.OfSecret(Secret), []);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("luminarys-relay-");
    private readonly IPEndPoint _place = new(IPAddress.Loopback, TestCluster.FreePort());
    private ChildProcess? _process;

    /// <summary>Kilobytes that the process has in memory.</summary>
    public long Resident => long.Parse(
        ResidentLine().Match(File.ReadAllText($"/proc/{_process!.Id}/status")).Groups[1].Value, CultureInfo.InvariantCulture);

    public string Output => _process!.Output;

    public static async Task<RelayProcess> StartAsync()
    {
        var relay = new RelayProcess();
        var configuration = Path.Combine(relay._folder.FullName, "relay.yaml");
        await File.WriteAllTextAsync(configuration, $$"""
            cluster:
              enabled: true
              cluster_id: e2e
              node_id: relay
              role: master
              nats_url: nats://127.0.0.1:1
              relay_port: {{relay._place.Port}}
              relay: { secret: {{Secret}} }
            """);
        relay._process = ChildProcess.StartLuminarys(relay._folder.FullName, "relay", "-config", configuration);
        await Eventually.HoldsAsync("the relay listens", TestCluster.Patience, () => Task.FromResult(relay.Output.Contains("listened on port", StringComparison.Ordinal)), () => relay.Output);
        return relay;
    }

    /// <summary>Connects from a loopback address of its own, as other machines would.</summary>
    public async Task<NetworkStream> DialAsync(int machine, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(new IPAddress([127, 1, (byte)(machine >> 8), (byte)machine]), 0));
        await socket.ConnectAsync(_place, cancellationToken);
        return new(socket, ownsSocket: true);
    }

    /// <summary>Opens both ends of a transfer, for two nodes of its own.</summary>
    public async Task<(NetworkStream Source, NetworkStream Sink)> PairAsync(int transfer, CancellationToken cancellationToken)
    {
        var source = await JoinAsync(transfer, TransferRole.Source, cancellationToken);
        var sink = await JoinAsync(transfer, TransferRole.Sink, cancellationToken);
        foreach (var side in new[] { source, sink })
        {
            Assert.Equal(RelayMessageType.Paired, (await RelayWire.ReadAsync(side, cancellationToken))?.Type);
        }

        return (source, sink);
    }

    /// <summary>Takes a stream through the handshake to the answer of the relay.</summary>
    public static async Task<RelayMessage?> ProveAsync(NetworkStream stream, int transfer, TransferRole role, CancellationToken cancellationToken)
    {
        var ticket = s_keys.Seal(new(RelayTicket.DigestOf(new ClusterId("e2e")), (UInt128)(transfer + 1), 1, role, new($"{role}-{transfer}"))
        {
            NotAfter = DateTimeOffset.UtcNow + TimeSpan.FromSeconds(60),
        });
        var nonce = new byte[RelayWire.NonceSize];
        await RelayWire.WriteAsync(stream, RelayMessageType.Hello, (byte[])[.. RelayWire.Magic, .. ticket, .. nonce], cancellationToken);
        if (await RelayWire.ReadAsync(stream, cancellationToken) is not { Type: RelayMessageType.Challenge } challenge)
        {
            return null;
        }

        var proof = RelayProofs.OfClient(s_keys.JoinKeyOf(ticket), role, challenge.Body.Span[..RelayWire.NonceSize], nonce);
        await RelayWire.WriteAsync(stream, RelayMessageType.Proof, proof, cancellationToken);
        return await RelayWire.ReadAsync(stream, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Delete(recursive: true);
    }

    private async Task<NetworkStream> JoinAsync(int transfer, TransferRole role, CancellationToken cancellationToken)
    {
        var stream = await DialAsync(transfer, cancellationToken);
        Assert.Equal(RelayMessageType.Waiting, (await ProveAsync(stream, transfer, role, cancellationToken))?.Type);
        return stream;
    }

    [GeneratedRegex(@"VmRSS:\s+(\d+) kB")]
    private static partial Regex ResidentLine();
}
