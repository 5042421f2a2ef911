namespace Luminarys.Manifests.Validation;

/// <summary>SHA-256 digests in hexadecimal.</summary>
internal static class DigestRules
{
    public static string? Sha256(string text, out string value)
    {
        value = text.ToLowerInvariant();
        return text.Length == 64 && text.All(char.IsAsciiHexDigit) ? null : "is not a SHA-256 digest: write 64 hexadecimal digits";
    }
}
