namespace Luminarys.Manifests.Substitution;

internal enum InsertionKind
{
    /// <summary>The value of the variable, which may be secret.</summary>
    Value,

    /// <summary>Nothing, because the variable is not set.</summary>
    Unset,

    /// <summary>Nothing, because a required variable is missing; already reported.</summary>
    Missing,
}
