using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Luminarys.Trust;

/// <summary>Name of a public key: the SHA-256 of its uncompressed point.</summary>
public readonly record struct KeyId
{
    private const int HexLength = 2 * SHA256.HashSizeInBytes;
    private readonly string? _hex;

    private KeyId(string hex) => _hex = hex;

    /// <summary>The id as 64 lower-case hexadecimal digits; empty for the default value.</summary>
    public string Hex => _hex ?? "";

    /// <summary>The id of a public key.</summary>
    /// <param name="publicKey">Uncompressed point, 65 bytes.</param>
    public static KeyId Of(ReadOnlySpan<byte> publicKey) => new(Convert.ToHexStringLower(SHA256.HashData(publicKey)));

    /// <summary>Reads an id, or answers false when the text is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out KeyId id)
    {
        var isValid = text is { Length: HexLength } && text.All(char.IsAsciiHexDigit);
        id = isValid ? new KeyId(text!.ToLowerInvariant()) : default;
        return isValid;
    }

    /// <inheritdoc/>
    public override string ToString() => Hex;
}
