using Luminarys.Cluster.Loopback;
using Luminarys.Contracts;
using Luminarys.Ports;
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

    protected override void Advance(TimeSpan duration) => _time.Advance(duration);
}
