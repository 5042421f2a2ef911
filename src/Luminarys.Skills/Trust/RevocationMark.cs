using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Luminarys.Trust;

namespace Luminarys.Skills.Trust;

/// <summary>What a host remembers of the newest list of revoked keys: with it a list that disappears, or gives way to an older one, does not bring keys back.</summary>
internal sealed record RevocationMark(long Number, ImmutableArray<KeyId> Keys)
{
    /// <summary>The mark's name in the state store.</summary>
    public const string Name = "trust.revocations";

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RevocationMark? mark)
    {
        mark = null;
        var words = text.Split(' ');
        var keys = ImmutableArray.CreateBuilder<KeyId>();
        foreach (var word in words.Skip(1))
        {
            if (!KeyId.TryParse(word, out var key))
            {
                return false;
            }

            keys.Add(key);
        }

        var isNumber = long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        mark = isNumber ? new(number, keys.ToImmutable()) : null;
        return isNumber;
    }

    public override string ToString() => string.Join(' ', Keys.Select(key => key.Hex).Prepend(Number.ToString(CultureInfo.InvariantCulture)));
}
