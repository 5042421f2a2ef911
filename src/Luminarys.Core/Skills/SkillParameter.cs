using System.Collections.Immutable;

namespace Luminarys.Skills;

/// <summary>One parameter of a method, or the element of an array parameter.</summary>
/// <param name="Name">Name on the wire; empty for an array's element.</param>
/// <param name="Type">Declared type.</param>
/// <param name="Description">Text for people and models; may be empty.</param>
/// <param name="IsRequired">A call without it is refused. An empty text counts as present.</param>
/// <param name="AllowedValues">The only texts accepted; empty when any is.</param>
/// <param name="Items">Description of an array's elements; null when unknown.</param>
/// <param name="DefaultJson">Value to send when the caller leaves it out, as JSON text; null when there is none.</param>
/// <param name="ExampleJson">A sample value for documentation, as JSON text; null when there is none.</param>
public sealed record SkillParameter(
    string Name,
    ParameterType Type,
    string Description,
    bool IsRequired,
    ImmutableArray<string> AllowedValues,
    SkillParameter? Items = null,
    string? DefaultJson = null,
    string? ExampleJson = null);
