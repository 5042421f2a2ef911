using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Luminarys.Diagnostics;

/// <summary>The ways in which one secret may be written.</summary>
internal static class SecretForms
{
    /// <summary>Shorter values are looked for as they are only: their encoded parts would occur by chance.</summary>
    private const int MinEncoded = 6;

    public static IEnumerable<string> Of(string secret)
    {
        yield return secret;
        var bytes = Encoding.UTF8.GetBytes(secret);
        if (bytes.Length < MinEncoded)
        {
            yield break;
        }

        var escaped = Uri.EscapeDataString(secret);
        yield return escaped;
        yield return LowerHex(escaped);
        yield return escaped.Replace("%20", "+", StringComparison.Ordinal);
        yield return JsonEncodedText.Encode(secret).ToString();
        yield return JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        yield return Convert.ToBase64String(bytes);
        for (var offset = 0; offset < 3; offset++)
        {
            var inner = Inner(bytes, offset);
            yield return inner;
            yield return inner.Replace('+', '-').Replace('/', '_');
        }

        yield return Base64Url.EncodeToString(bytes);
    }

    // The characters that a secret gives wherever it stands: after "user:", for example. Those at the borders depend on its neighbours.
    private static string Inner(byte[] secret, int offset)
    {
        var text = Convert.ToBase64String([.. new byte[offset], .. secret]);
        var first = offset == 0 ? 0 : offset + 1;
        var last = (offset + secret.Length) * 8 / 6;
        return text[first..last];
    }

    private static string LowerHex(string escaped)
    {
        var text = new StringBuilder(escaped);
        for (var i = 0; i + 2 < text.Length; i++)
        {
            if (text[i] == '%')
            {
                text[i + 1] = char.ToLowerInvariant(text[i + 1]);
                text[i + 2] = char.ToLowerInvariant(text[i + 2]);
            }
        }

        return text.ToString();
    }
}
