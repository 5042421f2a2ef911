using System.Collections.Immutable;
using System.Net;

namespace Luminarys.Permissions.Network;

/// <summary>What a skill may reach over HTTP and WebSocket. Immutable and thread-safe.</summary>
public sealed class HttpRules
{
    private const string Key = "permissions.http.allowlist";

    private readonly HttpPermission? _permission;
    private readonly NetworkPolicy _policy;
    private readonly ImmutableArray<WebPattern> _patterns;

    /// <summary>Compiles the patterns; one that cannot be read grants nothing.</summary>
    /// <param name="permission">The grant; null for none.</param>
    /// <param name="policy">What the host adds.</param>
    public HttpRules(HttpPermission? permission, NetworkPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        (_permission, _policy) = (permission, policy);
        _patterns = [.. (permission?.Allowlist ?? []).Select(text => WebPattern.TryParse(text, out var pattern, out _) ? pattern : null).OfType<WebPattern>()];
    }

    /// <summary>
    /// Judges a URL before its name is resolved. What it denies needs no resolver; what it allows must still pass the other overload when the host is a name.
    /// </summary>
    public Verdict Judge(WebAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return AddressJudge.FindFixedDenial(address.Host) is { } denial ? denial
            : address.Host.Address is { } literal ? Judge(address, [literal], []).Verdict
            : JudgeUrl(address);
    }

    /// <summary>Judges every address that the URL's name has: one that is never allowed denies all, others that are not permitted are left out.</summary>
    /// <param name="address">The URL.</param>
    /// <param name="resolved">What the resolver answered, or the address of the URL itself.</param>
    /// <param name="ownAddresses">What it answered for <see cref="NetworkPolicy.OwnNamesOn"/> the URL's port.</param>
    public ConnectionVerdict Judge(WebAddress address, IReadOnlyCollection<IPAddress> resolved, IReadOnlyCollection<IPAddress> ownAddresses)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (AddressJudge.FindFixedDenial(address.Host) is { } denial)
        {
            return new(denial, []);
        }

        var url = JudgeUrl(address);
        var judge = new AddressJudge(_policy, address.Host, address.Port)
        {
            Names = _ => _patterns.Any(pattern => pattern.Names(address)),
            Means = host => _patterns.Any(pattern => pattern.Means(address, host)),
            Rule = _ => url.IsAllowed ? url.Rule : null,
            Otherwise = url.IsAllowed ? Verdict.Deny(url.Rule, RemedyFor(address)) : url,
        };
        return judge.Judge(resolved, ownAddresses);
    }

    private Verdict JudgeUrl(WebAddress address) =>
        _permission is null ? Verdict.Deny("permissions.http is not enabled", $"permissions.http: {{ enabled: true, allowlist: [\"{Pattern(address)}\"] }}")
        : address.IsWebSocket && !_permission.AllowWebSocket ? Verdict.Deny("permissions.http.allow_websocket: false", "permissions.http.allow_websocket: true")
        : _patterns.FirstOrDefault(pattern => pattern.IsMatch(address)) is { } match ? Verdict.Allow($"{Key}: {match}")
        : Verdict.Deny($"nothing in {Key} matches", RemedyFor(address));

    private static string RemedyFor(WebAddress address) => $"{Key}: [\"{Pattern(address)}\"]";

    private static string Pattern(WebAddress address) => $"{address.PatternScheme}://{address.Authority}/**";
}
