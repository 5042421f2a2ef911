using System.Collections.Immutable;

namespace Luminarys.Skills.Authoring;

/// <summary>A function of the source.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Line">Line of its declaration, counted from 1.</param>
/// <param name="TakesContext">Whether its first parameter is the context.</param>
/// <param name="Parameters">Names and types of the others.</param>
/// <param name="Result">What it returns.</param>
/// <param name="CanFail">Whether it returns an error beside its result.</param>
public sealed record AuthoredFunction(
    string Name,
    int Line,
    bool TakesContext,
    ImmutableArray<(string Name, AuthoredType Type)> Parameters,
    AuthoredType Result,
    bool CanFail);
