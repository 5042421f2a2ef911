namespace Luminarys.Manifests.Yaml;

internal sealed class YamlScalar(int start, int end, string text, bool isPlain) : YamlNode(start, end, 1)
{
    public string Text => text;

    /// <summary>No value at all: nothing after the colon, <c>~</c> or <c>null</c>, unquoted.</summary>
    public bool IsNull => isPlain && text is ("" or "~" or "null" or "Null" or "NULL");

    public override string Kind => "a single value";
}
