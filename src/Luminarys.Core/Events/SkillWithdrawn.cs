using Luminarys.Registry;

namespace Luminarys.Events;

/// <summary>A skill is no longer callable.</summary>
/// <param name="Entry">The skill and the node it was on.</param>
public sealed record SkillWithdrawn(RegistryEntry Entry) : IDomainEvent;
