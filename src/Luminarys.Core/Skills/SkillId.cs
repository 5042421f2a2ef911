using System.Diagnostics.CodeAnalysis;
using Luminarys.Nodes;

namespace Luminarys.Skills;

/// <summary>
/// Name of a deployed skill: the <c>id</c> of its manifest, a letter followed by up to 63 letters, digits or hyphens. Unique on its node.
/// </summary>
public readonly record struct SkillId
{
    private const int MaxLength = 64;
    private readonly string? _value;

    /// <summary>Creates the id from text that is known to be valid.</summary>
    /// <exception cref="FormatException">The text is not a valid skill id.</exception>
    public SkillId(string value) =>
        _value = IsValid(value)
            ? value
            : throw new FormatException($"'{value}' is not a skill id: use a letter, then up to {MaxLength - 1} letters, digits or '-'.");

    /// <summary>The id as text; empty for the default value.</summary>
    public string Value => _value ?? "";

    /// <summary>Reads an id, or answers false when the text is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SkillId id)
    {
        id = IsValid(text) ? new SkillId(text) : default;
        return id._value is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static bool IsValid([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= MaxLength }
        && char.IsAsciiLetter(text[0])
        && !text.AsSpan().ContainsAnyExcept(IdCharacters.LettersDigitsHyphen);
}
