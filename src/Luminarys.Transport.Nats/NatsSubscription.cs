using Luminarys.Ports;

namespace Luminarys.Transport.Nats;

/// <summary>A subscription as its owner sees it: it outlives connections.</summary>
internal sealed class NatsSubscription(NatsBus bus, string pattern, BusInbox inbox) : IAsyncDisposable
{
    public string Pattern => pattern;

    public BusInbox Inbox => inbox;

    public ValueTask DisposeAsync()
    {
        inbox.Close();
        return bus.UnsubscribeAsync(this);
    }
}
