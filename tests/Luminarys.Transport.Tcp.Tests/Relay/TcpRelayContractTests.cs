using Luminarys.Contracts;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Transport.Tcp.Tests.Relay;

public sealed class TcpRelayContractTests : RelayContract, IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private RelayHarness? _relay;

    protected override IRelay Source => _relay!.Client();

    protected override IRelay Sink => _relay!.Client();

    protected override TimeProvider Time => _time;

    public async ValueTask InitializeAsync() => _relay = await RelayHarness.StartAsync(time: _time);

    public ValueTask DisposeAsync() => _relay!.DisposeAsync();

    protected override void Advance(TimeSpan duration) => _time.Advance(duration);

    protected override TransferTicket Issue(TransferTicket ticket) => _relay!.Issue(ticket);
}
