namespace Luminarys.Simulation;

/// <summary>What a node's machine keeps over a restart; nothing when it was wiped.</summary>
internal sealed class SimulatedDisk(bool hasDirectory)
{
    /// <summary>The incarnation of a slave, the epoch of a master.</summary>
    public ulong Number { get; set; }

    /// <summary>The owners of skills, as a master wrote them down.</summary>
    public string Owners { get; set; } = "";

    public void Wipe() => (Number, Owners) = (0, "");

    /// <summary>The incarnation of the next start: one more, or the wall clock where nothing is kept.</summary>
    public ulong NextIncarnation(TimeProvider time) => Number = hasDirectory
        ? Number + 1
        : (ulong)(time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMicroseconds;
}
