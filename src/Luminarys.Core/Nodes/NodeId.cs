using System.Diagnostics.CodeAnalysis;

namespace Luminarys.Nodes;

/// <summary>
/// Name of a node, unique in its cluster: 1 to 63 of <c>A-Z a-z 0-9 _ -</c>, because it becomes one token of a bus subject.
/// </summary>
public readonly record struct NodeId
{
    private const int MaxLength = 63;
    private readonly string? _value;

    /// <summary>Creates the id from text that is known to be valid.</summary>
    /// <exception cref="FormatException">The text is not a valid node id.</exception>
    public NodeId(string value) =>
        _value = IsValid(value)
            ? value
            : throw new FormatException($"'{value}' is not a node id: use 1 to {MaxLength} letters, digits, '_' or '-'.");

    /// <summary>The id as text; empty for the default value.</summary>
    public string Value => _value ?? "";

    /// <summary>Reads an id, or answers false when the text is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out NodeId id)
    {
        id = IsValid(text) ? new NodeId(text) : default;
        return id._value is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    internal static bool IsValid([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(IdCharacters.LettersDigitsUnderscoreHyphen);
}
