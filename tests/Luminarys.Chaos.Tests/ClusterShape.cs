namespace Luminarys.Chaos;

/// <summary>Size and times of a cluster under test.</summary>
internal sealed record ClusterShape
{
    /// <summary>The program that users run.</summary>
    public const string Shipped = "luminarys.dll";

    public int Slaves { get; init; } = 2;

    public int SkillsPerSlave { get; init; } = 1;

    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Deadline of every call.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Calls of one skill that run at once.</summary>
    public int Instances { get; init; } = 4;

    /// <summary>What nodes log. At info, the MCP library writes several lines for each call.</summary>
    public string LogLevel { get; init; } = "info";

    public string SlaveProgram => DefencesOff.Count == 0 ? Shipped : "luminarys-chaos-node.dll";

    /// <summary>Defences that slaves are without.</summary>
    public IReadOnlyList<string> DefencesOff { get; init; } = [];
}
