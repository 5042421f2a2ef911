using System.Collections.Immutable;

namespace Luminarys.Skills.Authoring;

/// <summary>One parameter of a method.</summary>
/// <param name="Name">Name on the wire.</param>
/// <param name="Description">Text for people and models.</param>
/// <param name="IsRequired">Whether a call without it is refused.</param>
/// <param name="Type">What the function takes.</param>
/// <param name="Default">Value for a missing one; null for none.</param>
/// <param name="Example">A sample value; null for none.</param>
/// <param name="AllowedValues">The only texts that a caller should send; empty for any.</param>
public sealed record AuthoredParameter(
    string Name,
    string Description,
    bool IsRequired,
    AuthoredType Type,
    string? Default,
    string? Example,
    ImmutableArray<string> AllowedValues);
