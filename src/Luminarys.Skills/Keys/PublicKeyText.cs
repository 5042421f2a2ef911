using System.Diagnostics.CodeAnalysis;

namespace Luminarys.Skills.Keys;

/// <summary>The form in which people exchange public keys: the uncompressed point in base64, on one line.</summary>
public static class PublicKeyText
{
    /// <summary>Writes a key.</summary>
    /// <param name="publicKey">Uncompressed point, 65 bytes.</param>
    public static string Write(ReadOnlySpan<byte> publicKey) => Convert.ToBase64String(publicKey);

    /// <summary>Reads a key, or answers false when the text is none or its point is not on the curve.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out byte[]? publicKey)
    {
        ArgumentNullException.ThrowIfNull(text);
        var point = new byte[PublicPoint.Size];
        var isPoint = text.Length <= 2 * point.Length && Convert.TryFromBase64String(text.Trim(), point, out var length) && length == point.Length;
        using var key = isPoint ? PublicPoint.TryOpen(point) : null;
        publicKey = key is null ? null : point;
        return key is not null;
    }
}
