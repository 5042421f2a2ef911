using System.Collections.Immutable;

namespace Luminarys.Manifests.Yaml;

internal sealed class YamlSequence(int start, int end, int weight, ImmutableArray<YamlNode> items) : YamlNode(start, end, weight)
{
    public ImmutableArray<YamlNode> Items => items;

    public override string Kind => "a list";
}
