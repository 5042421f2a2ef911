using System.Collections.Immutable;
using Luminarys.Nodes;

namespace Luminarys.Ports;

/// <summary>The cluster as a skill may see it.</summary>
/// <param name="Current">The node that the skill runs on.</param>
/// <param name="Nodes">Live nodes.</param>
public sealed record ClusterView(NodeId Current, ImmutableArray<ClusterNode> Nodes);
