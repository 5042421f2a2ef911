using System.Collections.Immutable;

namespace Luminarys.Skills.Authoring;

/// <summary>One annotated function.</summary>
/// <param name="Name">Name of the method.</param>
/// <param name="Description">Text for people and models.</param>
/// <param name="Parameters">Its parameters, in the function's order, without the context.</param>
/// <param name="IsInternal">Whether clients do not see it.</param>
/// <param name="IsCallback">Whether only the host calls it.</param>
/// <param name="Function">The function behind it.</param>
public sealed record AuthoredMethod(
    string Name,
    string Description,
    ImmutableArray<AuthoredParameter> Parameters,
    bool IsInternal,
    bool IsCallback,
    AuthoredFunction Function)
{
    /// <summary>Whether the function takes the whole payload of a callback as it comes.</summary>
    public bool TakesPayload { get; init; }
}
