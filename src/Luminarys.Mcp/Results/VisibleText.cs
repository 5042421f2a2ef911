using System.Buffers;
using System.Globalization;
using System.Text;

namespace Luminarys.Mcp.Results;

/// <summary>Makes control characters of a skill's text visible, so that a result cannot drive a terminal. Tab, LF and CR stay.</summary>
internal static class VisibleText
{
    private const int EndOfControls = 0xa0;

    private static readonly SearchValues<char> s_controls = SearchValues.Create(
    [
        .. Enumerable.Range(0, EndOfControls).Select(code => (char)code).Where(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r')),
    ]);

    /// <summary>The text with control characters as <c>\u001b</c>; the same instance when there are none.</summary>
    public static string Of(string text)
    {
        var next = text.AsSpan().IndexOfAny(s_controls);
        if (next < 0)
        {
            return text;
        }

        var visible = new StringBuilder(text.Length + 16);
        var rest = text.AsSpan();
        for (; next >= 0; next = rest.IndexOfAny(s_controls))
        {
            visible.Append(rest[..next]).Append(CultureInfo.InvariantCulture, $"\\u{(int)rest[next]:x4}");
            rest = rest[(next + 1)..];
        }

        return visible.Append(rest).ToString();
    }
}
