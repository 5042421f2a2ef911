using Luminarys.Cluster.Membership;

namespace Luminarys.Cluster.Master;

/// <summary>The node's life cycle tells its control loop to take or leave office.</summary>
/// <param name="Skills">The master's own skills, to take office with; null to leave.</param>
internal sealed record OfficeCommand(SkillList? Skills)
{
    /// <summary>Completes when it is done.</summary>
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
