using System.Collections.Immutable;
using System.Net;

namespace Luminarys.Permissions.Network;

/// <summary>What a skill may reach over TCP. Immutable and thread-safe.</summary>
public sealed class TcpRules
{
    private const string Key = "permissions.tcp.allowlist";
    private const string ByClass = "permissions.tcp: internal addresses, by an empty allowlist";

    private readonly TcpPermission? _permission;
    private readonly NetworkPolicy _policy;
    private readonly ImmutableArray<EndpointPattern> _patterns;

    /// <summary>Compiles the patterns; one that cannot be read grants nothing.</summary>
    /// <param name="permission">The grant; null for none.</param>
    /// <param name="policy">What the host adds.</param>
    public TcpRules(TcpPermission? permission, NetworkPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        (_permission, _policy) = (permission, policy);
        _patterns =
        [
            .. (permission?.Allowlist ?? []).Select(text => EndpointPattern.TryParse(text, out var pattern, out _) ? pattern : null).OfType<EndpointPattern>(),
        ];
    }

    private bool GrantsInternal => _permission?.InternalAddresses == true && !_policy.DenyInternal;

    /// <summary>
    /// Judges an endpoint before its name is resolved. What it denies needs no resolver; what it allows must still pass the other overload when the host is a
    /// name, since its addresses may decide.
    /// </summary>
    public Verdict Judge(NetworkEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return AddressJudge.FindFixedDenial(endpoint.Host) is { } denial ? denial
            : endpoint.Host.Address is { } literal ? Judge(endpoint, [literal], []).Verdict
            : Find(endpoint.Host, endpoint.Port) is { } pattern ? Verdict.Allow($"{Key}: {pattern}")
            : GrantsInternal ? Verdict.Allow(ByClass)
            : _patterns.FirstOrDefault(pattern => pattern.CouldMatchAddress) is { } possible ? Verdict.Allow($"{Key}: {possible}, if an address matches")
            : Denial(endpoint);
    }

    /// <summary>Judges every address that the name has: one that is never allowed denies all, others that are not permitted are left out.</summary>
    /// <param name="endpoint">Host and port.</param>
    /// <param name="resolved">What the resolver answered, or the address of the endpoint itself.</param>
    /// <param name="ownAddresses">What it answered for <see cref="NetworkPolicy.OwnNamesOn"/> the port.</param>
    public ConnectionVerdict Judge(NetworkEndpoint endpoint, IReadOnlyCollection<IPAddress> resolved, IReadOnlyCollection<IPAddress> ownAddresses)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(resolved);
        if (AddressJudge.FindFixedDenial(endpoint.Host) is { } denial)
        {
            return new(denial, []);
        }

        var byName = Find(endpoint.Host, endpoint.Port);
        var byClass = GrantsInternal && resolved.All(address => AddressPolicy.Classify(address) == AddressClass.Internal);
        var judge = new AddressJudge(_policy, endpoint.Host, endpoint.Port)
        {
            Names = host => _patterns.Any(pattern => pattern.Names(host, endpoint.Port)),
            Means = host => _patterns.Any(pattern => pattern.Means(host, endpoint.Port)),
            Rule = address => (byName ?? Find(NetworkHost.Of(address), endpoint.Port)) is { } pattern ? $"{Key}: {pattern}" : byClass ? ByClass : null,
            Otherwise = Denial(endpoint),
        };
        return judge.Judge(resolved, ownAddresses);
    }

    /// <summary>Judges the name that a TLS connection to <paramref name="endpoint"/> asks for instead of the endpoint's own.</summary>
    public Verdict JudgeServerName(NetworkEndpoint endpoint, string serverName)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return !NetworkHost.TryParse(serverName, out var host, out var fault) ? Verdict.Deny($"server_name: {fault}", "")
            : host == endpoint.Host ? Verdict.Allow("server_name is the host")
            : Find(host, endpoint.Port) is { } pattern ? Verdict.Allow($"{Key}: {pattern}")
            : Denial(endpoint with { Host = host });
    }

    private EndpointPattern? Find(NetworkHost host, int port) => _patterns.FirstOrDefault(pattern => pattern.IsMatch(host, port));

    private Verdict Denial(NetworkEndpoint endpoint) =>
        _permission is null ? Verdict.Deny("permissions.tcp is not enabled", $"permissions.tcp: {{ enabled: true, allowlist: [\"{endpoint}\"] }}")
        : Verdict.Deny(GrantsInternal ? $"{ByClass}, and not every address is one" : $"nothing in {Key} matches", $"{Key}: [\"{endpoint}\"]");
}
