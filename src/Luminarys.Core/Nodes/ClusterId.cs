using System.Diagnostics.CodeAnalysis;

namespace Luminarys.Nodes;

/// <summary>Name that keeps clusters apart on one bus; same alphabet and length as <see cref="NodeId"/>.</summary>
public readonly record struct ClusterId
{
    private readonly string? _value;

    /// <summary>Creates the id from text that is known to be valid.</summary>
    /// <exception cref="FormatException">The text is not a valid cluster id.</exception>
    public ClusterId(string value) =>
        _value = NodeId.IsValid(value)
            ? value
            : throw new FormatException($"'{value}' is not a cluster id: use 1 to 63 letters, digits, '_' or '-'.");

    /// <summary>The id as text; empty for the default value.</summary>
    public string Value => _value ?? "";

    /// <summary>Reads an id, or answers false when the text is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ClusterId id)
    {
        id = NodeId.IsValid(text) ? new ClusterId(text) : default;
        return id._value is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
