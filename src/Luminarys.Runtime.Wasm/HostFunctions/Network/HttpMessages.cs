using System.Collections.Immutable;
using Luminarys.Permissions.Network;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>Between the skill's requests and answers and the framework's.</summary>
internal static class HttpMessages
{
    /// <summary>A message with the skill's headers in the skill's order.</summary>
    public static HttpRequestMessage Create(HttpCall call, WebAddress address, HttpHeader[] jar)
    {
        var message = new HttpRequestMessage(new HttpMethod(call.Method), address.ToUri());
        var hasContent = call.Body.Length > 0 || call.Method is "POST" or "PUT" or "PATCH" || call.Headers.Any(header => RequestHeaders.IsAboutContent(header.Name));
        if (hasContent)
        {
            message.Content = new ReadOnlyMemoryContent(call.Body);
        }

        var cookies = new List<string>();
        foreach (var (name, value) in call.Headers)
        {
            if (name.Equals("Cookie", StringComparison.OrdinalIgnoreCase))
            {
                cookies.Add(value);
            }
            else if (RequestHeaders.IsAboutContent(name))
            {
                message.Content!.Headers.TryAddWithoutValidation(name, value);
            }
            else if (!RequestHeaders.IsFraming(name))
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }

        AddDefault(message, "User-Agent", "luminarys");
        AddDefault(message, "Accept-Encoding", "gzip, deflate, br");
        cookies.AddRange(call.Cookies.Concat(jar).Select(cookie => $"{cookie.Name}={cookie.Value}"));
        if (cookies.Count > 0)
        {
            message.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", cookies));
        }

        return message;
    }

    /// <summary>The headers of an answer by name, in canonical form; repeated ones stay repeated and in order.</summary>
    /// <param name="message">The answer.</param>
    /// <param name="isDecoded">Whether the body was decompressed, so that its encoding and length are no longer true.</param>
    public static ImmutableArray<HttpHeader> HeadersOf(HttpResponseMessage message, bool isDecoded) =>
    [
        .. message.Headers.NonValidated.Concat(message.Content.Headers.NonValidated)
            .SelectMany(header => header.Value.Select(value => new HttpHeader(Canonicalise(header.Key), value)))
            .Where(header => header.Name != "Transfer-Encoding" && !(isDecoded && header.Name is "Content-Encoding" or "Content-Length"))
            .OrderBy(header => header.Name, StringComparer.Ordinal),
    ];

    /// <summary>The cookies that an answer sets.</summary>
    public static ImmutableArray<ServerCookie> CookiesOf(HttpResponseMessage message, DateTimeOffset now) =>
        message.Headers.NonValidated.TryGetValues("Set-Cookie", out var values)
            ? [.. values.Select(value => ServerCookie.Parse(value, now)).OfType<ServerCookie>()]
            : [];

    private static void AddDefault(HttpRequestMessage message, string name, string value)
    {
        if (!message.Headers.NonValidated.Contains(name))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static string Canonicalise(string name) => string.Create(name.Length, name, static (target, source) =>
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = i == 0 || source[i - 1] == '-' ? char.ToUpperInvariant(source[i]) : char.ToLowerInvariant(source[i]);
        }
    });
}
