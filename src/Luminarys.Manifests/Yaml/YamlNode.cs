namespace Luminarys.Manifests.Yaml;

/// <summary>One value of a document. An alias is the very node that its anchor names.</summary>
/// <param name="start">Offset of its first character in the substituted text.</param>
/// <param name="end">Offset behind its last character.</param>
/// <param name="weight">Values below and including this one, with every alias counted in full.</param>
internal abstract class YamlNode(int start, int end, int weight)
{
    public int Start => start;

    public int End => end;

    public int Weight => weight;

    /// <summary>What the value is, for messages.</summary>
    public abstract string Kind { get; }
}
