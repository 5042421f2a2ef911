using Luminarys.Registry;

namespace Luminarys.Events;

/// <summary>A skill became callable.</summary>
/// <param name="Entry">The skill and its node.</param>
public sealed record SkillPublished(RegistryEntry Entry) : IDomainEvent;
