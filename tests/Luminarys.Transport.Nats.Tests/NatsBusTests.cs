using Luminarys.Contracts;
using Luminarys.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Luminarys.Transport.Nats.Tests;

[Trait("Kind", "Integration")]
public sealed class NatsBusTests : BusContract
{
    protected override async ValueTask<BusServer> StartServerAsync() => new Server(await NatsServer.StartAsync());

    private sealed class Server(NatsServer server) : BusServer
    {
        public override IBus CreateBus(int queueLength) => new NatsBus(
            new NatsTransportOptions { Url = server.Url, QueueLength = queueLength, FirstConnectTimeout = TimeSpan.FromSeconds(0.5) },
            BusLane.Control,
            TimeProvider.System,
            NullLogger<NatsBus>.Instance);

        public override async ValueTask StopAsync() => await server.KillAsync();

        public override async ValueTask StartAsync() => await server.RunAsync();

        public override ValueTask DisposeAsync() => server.DisposeAsync();
    }
}
