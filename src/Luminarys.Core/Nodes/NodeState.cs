namespace Luminarys.Nodes;

/// <summary>State of a node as the master sees it.</summary>
public enum NodeState
{
    /// <summary>Said hello; its skills are not known yet.</summary>
    Joining,

    /// <summary>Registered and heard from in time.</summary>
    Alive,

    /// <summary>Missed heartbeats; still listed and routed to, with a shorter patience.</summary>
    Suspect,

    /// <summary>Finishes what it has and takes no new call.</summary>
    Draining,

    /// <summary>Left, or silent for its time to live. Its skills are out of the registry.</summary>
    Gone,
}
