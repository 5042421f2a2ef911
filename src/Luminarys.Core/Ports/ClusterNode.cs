using System.Collections.Immutable;
using Luminarys.Nodes;
using Luminarys.Skills;

namespace Luminarys.Ports;

/// <summary>One live node.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Role">Its role.</param>
/// <param name="Skills">Skills deployed there, sorted.</param>
public sealed record ClusterNode(NodeId Id, NodeRole Role, ImmutableArray<SkillId> Skills);
