using Luminarys.Cluster.Loopback;
using Luminarys.Contracts;
using Luminarys.Ports;

namespace Luminarys.Cluster.Tests.Loopback;

public sealed class LoopbackBusTests : BusContract
{
    protected override ValueTask<BusServer> StartServerAsync() => new(new Server());

    private sealed class Server : BusServer
    {
        private readonly LoopbackHub _hub = new();
        private readonly List<LoopbackBus> _buses = [];
        private bool _isStopped;

        public override IBus CreateBus(int queueLength)
        {
            var bus = new LoopbackBus(_hub) { QueueLength = queueLength };
            if (_isStopped)
            {
                LoopbackHub.Disconnect(bus);
            }

            _buses.Add(bus);
            return bus;
        }

        public override ValueTask StopAsync() => Cut(true);

        public override ValueTask StartAsync() => Cut(false);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private ValueTask Cut(bool isStopped)
        {
            _isStopped = isStopped;
            _buses.ForEach(isStopped ? LoopbackHub.Disconnect : LoopbackHub.Reconnect);
            return ValueTask.CompletedTask;
        }
    }
}
