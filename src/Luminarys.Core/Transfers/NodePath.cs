using Luminarys.Nodes;

namespace Luminarys.Transfers;

/// <summary>A file of a node, written <c>slave-1:///data/file</c>.</summary>
/// <param name="Node">The node.</param>
/// <param name="Path">Absolute path there.</param>
public readonly record struct NodePath(NodeId Node, string Path)
{
    private const string Separator = "://";

    /// <summary>Reads one, or answers false when the text is none.</summary>
    public static bool TryParse(string? text, out NodePath path)
    {
        path = default;
        var separator = text?.IndexOf(Separator, StringComparison.Ordinal) ?? -1;
        if (separator < 0 || !NodeId.TryParse(text![..separator], out var node) || text[(separator + Separator.Length)..] is not ['/', _, ..] name)
        {
            return false;
        }

        path = new(node, name);
        return true;
    }

    /// <summary>
    /// The same place when this names a file; a file with the name of <paramref name="source"/> when this names a directory by a slash at its end.
    /// </summary>
    public NodePath For(NodePath source) =>
        Path.EndsWith('/') ? this with { Path = Path + source.Path[(source.Path.LastIndexOf('/') + 1)..] } : this;

    /// <inheritdoc/>
    public override string ToString() => $"{Node}{Separator}{Path}";
}
