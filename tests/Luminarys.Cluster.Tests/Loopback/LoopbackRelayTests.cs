using Luminarys.Cluster.Loopback;
using Luminarys.Contracts;
using Luminarys.Ports;
using Luminarys.Transfers;
using Microsoft.Extensions.Time.Testing;

namespace Luminarys.Cluster.Tests.Loopback;

public sealed class LoopbackRelayTests : RelayContract
{
    private readonly FakeTimeProvider _time = new();
    private readonly LoopbackRelay _relay;

    public LoopbackRelayTests() => _relay = new LoopbackRelay(_time);

    protected override IRelay Source => _relay;

    protected override IRelay Sink => _relay;

    protected override TimeProvider Time => _time;

    [Fact]
    public async Task OpenAsync_CancelledWhileWaiting_UsesTheTicketUp()
    {
        var ticket = new TransferTicket(1, TransferRole.Source, new("one"), _time.GetUtcNow() + TimeSpan.FromSeconds(60));
        using var cancellation = new CancellationTokenSource();
        var waiting = _relay.OpenAsync(ticket, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        Assert.Equal(RelayFault.Refused, (await _relay.OpenAsync(ticket, Token)).Fault);
    }

    protected override void Advance(TimeSpan duration) => _time.Advance(duration);
}
