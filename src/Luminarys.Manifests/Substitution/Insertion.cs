namespace Luminarys.Manifests.Substitution;

/// <summary>A place in substituted text that came from a variable.</summary>
internal readonly record struct Insertion(int Start, int Length, string Variable, InsertionKind Kind)
{
    public int End => Start + Length;
}
