using System.Globalization;
using Luminarys.Trust;

namespace Luminarys.Manifests.Validation;

/// <summary>Values of the files in a trust folder.</summary>
internal static class TrustRules
{
    private const int PointSize = 65;
    private const byte Uncompressed = 4;
    private const int SignatureSize = 64;
    private const int MaxPrefix = 256;
    private static readonly string[] s_times = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz"];

    public static string? Key(string text, out KeyId value) =>
        KeyId.TryParse(text, out value) ? null : "is not a key id: write 64 hexadecimal digits, as lmsk genkey prints them";

    public static string? PublicKey(string text, out byte[] value) =>
        TryDecode(text, PointSize, out value) && value[0] == Uncompressed ? null : "is not a public key: write the base64 text that lmsk genkey prints";

    public static string? Signature(string text, out byte[] value) =>
        TryDecode(text, SignatureSize, out value) ? null : "is not a signature: let lmsk write it";

    /// <summary>A moment, in whole seconds and with its zone: two people must not read it differently.</summary>
    public static string? Time(string text, out DateTimeOffset value) =>
        DateTimeOffset.TryParseExact(text, s_times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value)
            ? null
            : "is not a time: write it as 2026-12-31T23:59:59Z";

    /// <summary><c>*</c>, or whole segments of a package id.</summary>
    public static string? Prefix(string text, out string value)
    {
        value = text;
        var name = text.EndsWith(".*", StringComparison.Ordinal) ? text[..^2] : text;
        return text == "*" || (name.Length <= MaxPrefix && name.Split('.').All(IsSegment))
            ? null
            : "is not a prefix of package ids: write one such as com.example, or '*' for all packages";
    }

    private static bool IsSegment(string segment) => segment.Length > 0 && segment.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');

    private static bool TryDecode(string text, int size, out byte[] value)
    {
        value = new byte[size];
        return text.Length <= 2 * size && Convert.TryFromBase64String(text, value, out var length) && length == size;
    }
}
