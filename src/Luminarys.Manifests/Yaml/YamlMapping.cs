using System.Collections.Immutable;

namespace Luminarys.Manifests.Yaml;

/// <summary>Keys and values in file order; each key once.</summary>
internal sealed class YamlMapping(int start, int end, int weight, ImmutableArray<KeyValuePair<YamlScalar, YamlNode>> entries)
    : YamlNode(start, end, weight)
{
    public static YamlMapping Empty { get; } = new(0, 0, 1, []);

    public ImmutableArray<KeyValuePair<YamlScalar, YamlNode>> Entries => entries;

    public override string Kind => "a map";
}
