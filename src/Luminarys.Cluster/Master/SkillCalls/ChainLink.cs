using Luminarys.Invocations;

namespace Luminarys.Cluster.Master.SkillCalls;

/// <summary>The place of a call in a chain of calls.</summary>
/// <param name="Root">The call at the beginning.</param>
/// <param name="Depth">Skill-to-skill calls that led here.</param>
internal readonly record struct ChainLink(CallId Root, int Depth);
