using Luminarys.Cluster.Membership;

namespace Luminarys.Cluster.Master;

/// <summary>The master's own skills changed while it is in office.</summary>
/// <param name="Skills">All of them.</param>
internal sealed record OfferCommand(SkillList Skills)
{
    /// <summary>Completes when it is done.</summary>
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
