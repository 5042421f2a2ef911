using System.Net;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Transfers;
using Luminarys.Transport.Tcp.Relay;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Luminarys.Transport.Tcp.Tests.Relay;

/// <summary>A relay on a loopback port, and what is needed to reach it.</summary>
internal sealed class RelayHarness : IAsyncDisposable
{
    private readonly RelayServer _server;

    private RelayHarness(RelayServer server, RelayKeys keys, TimeProvider time) => (_server, Keys, Time) = (server, keys, time);

    public RelayKeys Keys { get; }

    public TimeProvider Time { get; }

    public IPEndPoint EndPoint => _server.EndPoint!;

    public IRelayServer Server => _server;

    public static async Task<RelayHarness> StartAsync(
        Action<RelayServerOptions>? configure = null, RelayDefences? defences = null, TimeProvider? time = null, TimeSpan? silenceLimit = null)
    {
        var options = new RelayServerOptions { ListenAddress = IPAddress.Loopback, ListenPort = 0, HandshakesPerSecond = 10_000, HandshakeBurst = 10_000 };
        configure?.Invoke(options);
        var keys = new RelayKeys(RelayKey.Create(), []);
        var server = new RelayServer(Options.Create(options), keys, NullLogger<RelayServer>.Instance, time ?? TimeProvider.System)
        {
            Defences = defences ?? RelayDefences.All,
            SilenceLimit = silenceLimit ?? RelaySockets.SilenceLimit,
        };
        await server.StartAsync(TestContext.Current.CancellationToken);
        return new(server, keys, time ?? TimeProvider.System);
    }

    public IRelay Client(Action<RelayClientOptions>? configure = null)
    {
        var options = new RelayClientOptions();
        configure?.Invoke(options);
        return new RelayClient(Options.Create(options), Time);
    }

    /// <summary>Makes a ticket one that this relay takes.</summary>
    public TransferTicket Issue(TransferTicket ticket, Func<RelayTicket, RelayTicket>? change = null, RelayKeys? keys = null)
    {
        var plain = new RelayTicket(RelayTicket.DigestOf(new ClusterId("test")), ticket.Transfer, ticket.Attempt, ticket.Role, ticket.Node) { NotAfter = ticket.NotAfter };
        var bytes = (keys ?? Keys).Seal(change?.Invoke(plain) ?? plain);
        return ticket with { Sealed = bytes, JoinKey = (keys ?? Keys).JoinKeyOf(bytes), RelayAddress = ticket.RelayAddress.Length > 0 ? ticket.RelayAddress : $"127.0.0.1:{EndPoint.Port}" };
    }

    public TransferTicket Ticket(TransferRole role, UInt128 transfer, uint attempt = 0, Func<RelayTicket, RelayTicket>? change = null) => Issue(
        new(transfer, role, new NodeId(role == TransferRole.Source ? "one" : "two"), Time.GetUtcNow() + TimeSpan.FromSeconds(60)) { Attempt = attempt }, change);

    /// <summary>Opens both ends of a transfer.</summary>
    public async Task<(Stream Source, Stream Sink)> OpenBothAsync(UInt128 transfer, uint attempt = 0, Func<RelayTicket, RelayTicket>? change = null)
    {
        var token = TestContext.Current.CancellationToken;
        var source = Client().OpenAsync(Ticket(TransferRole.Source, transfer, attempt, change), token).AsTask();
        var sink = await Client().OpenAsync(Ticket(TransferRole.Sink, transfer, attempt, change), token);
        return (Assert.IsType<Stream>((await source).Stream, exactMatch: false), Assert.IsType<Stream>(sink.Stream, exactMatch: false));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
