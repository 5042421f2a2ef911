namespace Luminarys.Chaos;

/// <summary>Five slaves with twenty skills each, and the default times.</summary>
public sealed class WideCluster : SharedCluster
{
    internal override ClusterShape Shape { get; } = new() { Slaves = 5, SkillsPerSlave = 20, Instances = 1 };
}
