using Luminarys.Permissions.Network;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>
/// Cookies of one skill, in memory until it is unloaded. A cookie goes back to the host that set it, or below the domain that it names when the host lies
/// in it; a domain of one label is taken for the host alone. At most 300 cookies, the oldest go first. Thread-safe.
/// </summary>
internal sealed class CookieJar(TimeProvider time)
{
    private const int MaxCookies = 300;

    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];

    /// <summary>The cookies for a request, longest path first.</summary>
    public HttpHeader[] Find(WebAddress address)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        lock (_gate)
        {
            _entries.RemoveAll(entry => entry.Cookie.Expires is not 0 and var expires && expires <= now);
            return
            [
                .. _entries.Where(entry => entry.IsFor(address)).OrderByDescending(entry => entry.Path.Length)
                    .Select(entry => new HttpHeader(entry.Cookie.Name, entry.Cookie.Value)),
            ];
        }
    }

    /// <summary>Takes what a server sets; an expired cookie removes the one that it names.</summary>
    public void Take(WebAddress address, IEnumerable<ServerCookie> cookies)
    {
        foreach (var cookie in cookies)
        {
            var isForDomain = cookie.Domain.Contains('.', StringComparison.Ordinal) && address.Host.Address is null;
            if ((isForDomain && !IsWithin(address.Host.Name, cookie.Domain)) || (cookie.IsSecure && !address.IsSecure))
            {
                continue;
            }

            var entry = new Entry(cookie, isForDomain ? cookie.Domain : address.Host.Name, isForDomain, cookie.Path.Length > 0 ? cookie.Path : DefaultPath(address));
            lock (_gate)
            {
                _entries.RemoveAll(old => old.Cookie.Name == cookie.Name && old.Host == entry.Host && old.Path == entry.Path);
                if (_entries.Count == MaxCookies)
                {
                    _entries.RemoveAt(0);
                }

                _entries.Add(entry);
            }
        }
    }

    private static bool IsWithin(string host, string domain) => host == domain || host.EndsWith($".{domain}", StringComparison.Ordinal);

    private static string DefaultPath(WebAddress address)
    {
        var path = address.PathAndQuery.Split('?')[0];
        var slash = path.LastIndexOf('/');
        return slash <= 0 ? "/" : path[..slash];
    }

    private sealed record Entry(ServerCookie Cookie, string Host, bool IsForDomain, string Path)
    {
        public bool IsFor(WebAddress address)
        {
            var path = address.PathAndQuery.Split('?')[0];
            return (address.Host.Name == Host || (IsForDomain && IsWithin(address.Host.Name, Host)))
                && (address.IsSecure || !Cookie.IsSecure)
                && path.StartsWith(Path, StringComparison.Ordinal)
                && (path.Length == Path.Length || Path.EndsWith('/') || path[Path.Length] == '/');
        }
    }
}
