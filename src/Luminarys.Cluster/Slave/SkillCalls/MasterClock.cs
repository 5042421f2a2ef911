using Luminarys.Cluster.Protocol;
using Luminarys.Nodes;

namespace Luminarys.Cluster.Slave.SkillCalls;

/// <summary>The master's clock as its last answer to a heartbeat told it: sent back with calls, it shows the master how old they are. Thread-safe.</summary>
internal sealed class MasterClock
{
    private Reading? _last;

    /// <summary>The master's process said what its clock shows.</summary>
    public void Hear(InstanceId master, ulong t0, TimeSpan now) => Volatile.Write(ref _last, new(master, t0, now));

    /// <summary>What to send back to this process now; null when it has not said anything.</summary>
    public ClockEcho? EchoFor(InstanceId master, TimeSpan now) => Volatile.Read(ref _last) is { } last && last.Master == master
        ? new((long)last.T0, (long)(now - last.HeardAt).TotalMilliseconds)
        : null;

    private sealed record Reading(InstanceId Master, ulong T0, TimeSpan HeardAt);
}
