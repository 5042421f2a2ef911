using Luminarys.Nodes;
using Luminarys.Skills;

namespace Luminarys.Cluster.Master;

/// <summary>Who owns a skill id.</summary>
/// <param name="Node">The owner.</param>
/// <param name="Digest">The package it owned the name with.</param>
/// <param name="IsRestored">Whether it comes from the run before and the owner has not come back yet.</param>
/// <param name="VacatedOrder">Registrations up to this place saw the owner live; null while it does.</param>
/// <param name="VacatedAt">When the owner was first missed.</param>
internal sealed record OwnerRecord(
    NodeId Node, PackageDigest Digest, bool IsRestored = false, long? VacatedOrder = null, TimeSpan VacatedAt = default);
