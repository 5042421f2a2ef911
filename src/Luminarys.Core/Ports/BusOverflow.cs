namespace Luminarys.Ports;

/// <summary>What happens when a subscription's bounded queue is full.</summary>
public enum BusOverflow
{
    /// <summary>The connection is dropped and made anew, so that both sides see a gap and synchronize. For control messages.</summary>
    Reconnect,

    /// <summary>The handler gets the message marked <see cref="BusMessageKind.Overflow"/>. For calls.</summary>
    Notify,
}
