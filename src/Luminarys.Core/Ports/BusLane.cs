namespace Luminarys.Ports;

/// <summary>The two connections of a node, so that heartbeats never wait behind bulk. Also the service keys of the two buses.</summary>
public enum BusLane
{
    /// <summary>Membership: hello, registration, heartbeats, beacons, probes, queries, cancellation.</summary>
    Control,

    /// <summary>Calls and their answers.</summary>
    Traffic,
}
