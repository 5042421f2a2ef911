using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Luminarys.Permissions.Network;

/// <summary>Path and query of a URL in one spelling, so that a pattern and a server see the same segments.</summary>
internal static class UrlPath
{
    private static readonly SearchValues<char> s_unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    private static readonly SearchValues<char> s_kept = SearchValues.Create("!$&'()*+,;=:@/?");

    /// <summary>
    /// Decodes what needs no encoding, encodes the rest, removes dot segments. A segment that becomes one when its encoded slashes are decoded is
    /// refused: some servers do that.
    /// </summary>
    public static bool TryNormalise(string text, [NotNullWhen(true)] out string? normalised, [NotNullWhen(false)] out string? fault)
    {
        normalised = null;
        var mark = text.IndexOf('?', StringComparison.Ordinal);
        var path = Encode(mark < 0 ? text : text[..mark]);
        var query = mark < 0 ? "" : Encode(text[mark..]);
        if (path is null || query is null)
        {
            fault = "it holds a '%' without two hexadecimal digits, or text that is not Unicode";
            return false;
        }

        if (HidesDotSegment(path))
        {
            fault = "its path hides '..' behind an encoded slash";
            return false;
        }

        fault = null;
        normalised = RemoveDotSegments(path) + query;
        return true;
    }

    /// <summary>Writes what is not ASCII as encoded UTF-8 and leaves everything else.</summary>
    public static string EncodeInternational(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                encoded.Append((char)rune.Value);
            }
            else
            {
                AppendEncoded(encoded, rune);
            }
        }

        return encoded.ToString();
    }

    private static string? Encode(string text)
    {
        var encoded = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                {
                    return null;
                }

                Append(encoded, value);
                i += 3;
                continue;
            }

            if (Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var consumed) != OperationStatus.Done)
            {
                return null;
            }

            if (rune.IsAscii && (s_unreserved.Contains((char)rune.Value) || s_kept.Contains((char)rune.Value)))
            {
                encoded.Append((char)rune.Value);
            }
            else
            {
                AppendEncoded(encoded, rune);
            }

            i += consumed;
        }

        return encoded.ToString();
    }

    private static void Append(StringBuilder encoded, byte value)
    {
        if (s_unreserved.Contains((char)value))
        {
            encoded.Append((char)value);
        }
        else
        {
            encoded.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }
    }

    private static void AppendEncoded(StringBuilder encoded, Rune rune)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
        {
            encoded.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }
    }

    private static bool HidesDotSegment(string path)
    {
        if (!path.Contains("%2F", StringComparison.Ordinal) && !path.Contains("%5C", StringComparison.Ordinal))
        {
            return false;
        }

        var decoded = path.Replace("%2F", "\\", StringComparison.Ordinal).Replace("%5C", "\\", StringComparison.Ordinal);
        return decoded.Split('/').Where(segment => segment.Contains('\\', StringComparison.Ordinal))
            .Any(segment => segment.Split('\\').Any(part => part is "." or ".."));
    }

    private static string RemoveDotSegments(string path)
    {
        var kept = new List<string>();
        var segments = path.Split('/');
        for (var i = 1; i < segments.Length; i++)
        {
            var isLast = i == segments.Length - 1;
            if (segments[i] == ".." && kept.Count > 0)
            {
                kept.RemoveAt(kept.Count - 1);
            }

            if (segments[i] is "." or "..")
            {
                if (isLast)
                {
                    kept.Add("");
                }
            }
            else
            {
                kept.Add(segments[i]);
            }
        }

        return "/" + string.Join('/', kept);
    }
}
