namespace Luminarys.Ports;

/// <summary>State of a bus connection.</summary>
public enum BusStatus
{
    /// <summary>Not connected; the bus keeps trying.</summary>
    Down,

    /// <summary>Connected.</summary>
    Up,

    /// <summary>Disposed.</summary>
    Closed,
}
