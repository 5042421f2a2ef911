using System.Buffers;
using System.Globalization;
using Luminarys.Permissions.Network;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>
/// What a skill may write into the head of a message. Headers that frame the message are the host's: one that says what the host does anyway is dropped,
/// one that says something else is refused.
/// </summary>
internal static class RequestHeaders
{
    private const int MaxBytes = 64 * 1024;

    private static readonly SearchValues<char> s_token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly HashSet<string> s_framing = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "TE", "Trailer", "Upgrade", "HTTP2-Settings", "Expect",
    };

    private static readonly HashSet<string> s_content = new(StringComparer.OrdinalIgnoreCase)
    {
        "Allow", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Location", "Content-MD5", "Content-Range", "Content-Type", "Expires",
        "Last-Modified",
    };

    /// <summary>Whether the text is a name of a header or of a method.</summary>
    public static bool IsToken(string text) => text.Length > 0 && text.AsSpan().IndexOfAnyExcept(s_token) < 0;

    /// <summary>Whether a header goes with the body and is gone when a redirect drops it.</summary>
    public static bool IsAboutContent(string name) => s_content.Contains(name);

    /// <summary>Whether a header proves who sends it.</summary>
    public static bool IsCredential(string name) =>
        name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("Cookie", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the host writes the header itself; such a header of a skill is not sent.</summary>
    public static bool IsFraming(string name) => s_framing.Contains(name);

    /// <summary>What is wrong with the headers of a request; null when nothing is.</summary>
    public static string? FindFault(HttpCall call, WebAddress address) =>
        FindFault(call.Headers, (name, value) => IsHarmless(name, value, call, address))
        ?? call.Cookies.Select(cookie => !IsToken(cookie.Name) || cookie.Value.Contains(';', StringComparison.Ordinal) || !IsValue(cookie.Value)
            ? "invalid argument: cookies: a name or value holds a character that is not allowed"
            : null).FirstOrDefault(fault => fault is not null);

    /// <summary>What is wrong with headers; null when nothing is.</summary>
    /// <param name="headers">The headers.</param>
    /// <param name="isHarmless">Whether a framing header says what the host does anyway.</param>
    public static string? FindFault(IReadOnlyCollection<HttpHeader> headers, Func<string, string, bool> isHarmless)
    {
        var bytes = 0L;
        foreach (var (name, value) in headers)
        {
            bytes += name.Length + value.Length + 4;
            if (!IsToken(name) || !IsValue(value))
            {
                return "invalid argument: headers: a name or value holds a character that is not allowed";
            }

            if (name.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase) || (IsFraming(name) && !isHarmless(name, value)))
            {
                return $"invalid argument: headers: {name} is set by the host";
            }
        }

        return bytes > MaxBytes ? $"invalid argument: headers: larger than {MaxBytes} bytes" : null;
    }

    private static bool IsValue(string value) => !value.Any(character => char.IsControl(character) && character != '\t');

    private static bool IsHarmless(string name, string value, HttpCall call, WebAddress address) => name.ToUpperInvariant() switch
    {
        "HOST" => NamesSameHost(value, address),
        "CONTENT-LENGTH" => value.Trim() == call.Body.Length.ToString(CultureInfo.InvariantCulture),
        "CONNECTION" => value.Trim().ToUpperInvariant() is "KEEP-ALIVE" or "CLOSE",
        "KEEP-ALIVE" => true,
        _ => false,
    };

    private static bool NamesSameHost(string value, WebAddress address) =>
        WebAddress.TryParse($"{address.Scheme}://{value.Trim()}/", out var named, out _) && named.IsSameOrigin(address);
}
