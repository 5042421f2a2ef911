namespace Luminarys.Invocations;

/// <summary>Why a call has no result. A closed list: numbers and codes are the same on the bus and at the edge and never change.</summary>
public enum InvocationError
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>All places are taken; the call has not begun.</summary>
    Busy = 1,

    /// <summary>The node is stopping; the call has not begun.</summary>
    Draining = 2,

    /// <summary>The node does not serve at the moment; the call has not begun.</summary>
    NotServing = 3,

    /// <summary>No live node offers the skill.</summary>
    NoSuchSkill = 4,

    /// <summary>The skill has no such method.</summary>
    NoSuchMethod = 5,

    /// <summary>The arguments do not fit the method's parameters.</summary>
    BadArgument = 6,

    /// <summary>A policy forbids the call.</summary>
    Denied = 7,

    /// <summary>The call did not end in time.</summary>
    Deadline = 8,

    /// <summary>The caller gave up.</summary>
    Cancelled = 9,

    /// <summary>The node left the cluster while the call ran.</summary>
    NodeLost = 10,

    /// <summary>Nobody knows whether the call ran.</summary>
    OutcomeUnknown = 11,

    /// <summary>The bus is not connected; nothing was sent.</summary>
    BusDown = 12,

    /// <summary>The bus server refused the message.</summary>
    BusDenied = 13,

    /// <summary>The call was too old when it arrived; it has not begun.</summary>
    Expired = 14,

    /// <summary>Arguments or result are larger than allowed.</summary>
    PayloadTooLarge = 15,

    /// <summary>The guest trapped.</summary>
    SkillTrap = 16,

    /// <summary>The guest reached a limit of its sandbox.</summary>
    SkillLimit = 17,

    /// <summary>The skill answered with an error of its own.</summary>
    SkillError = 18,

    /// <summary>The other side speaks another protocol version.</summary>
    VersionUnsupported = 19,

    /// <summary>The sender's master has been replaced.</summary>
    StaleEpoch = 20,

    /// <summary>Another living process has the same node id.</summary>
    NodeIdInUse = 21,

    /// <summary>The cluster has another living master.</summary>
    MasterConflict = 22,

    /// <summary>The message names another process with the same node id.</summary>
    WrongInstance = 23,

    /// <summary>The node ended the running call because it is stopping.</summary>
    CancelledByDrain = 24,

    /// <summary>The message is older than what the receiver knows.</summary>
    Stale = 25,

    /// <summary>The message contradicts what the receiver knows under the same number.</summary>
    Conflict = 26,

    /// <summary>A defect of the host. The log says more.</summary>
    Internal = 27,
}
