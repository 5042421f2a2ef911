namespace Luminarys.Skills;

/// <summary>
/// Name of a skill package, in reverse-domain form, as its descriptor gives it. One package may be deployed as many skills.
/// Bare modules may leave it empty.
/// </summary>
/// <param name="Value">The name as text.</param>
public readonly record struct PackageId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}
