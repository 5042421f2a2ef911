using System.Collections.Immutable;
using System.Net;

namespace Luminarys.Permissions.Network;

/// <summary>The rules that HTTP and TCP have in common: classes of addresses, own endpoints, internal addresses.</summary>
internal sealed class AddressJudge(NetworkPolicy policy, NetworkHost host, int port)
{
    /// <summary>Whether an allowlist names exactly that host and port.</summary>
    public required Func<NetworkHost, bool> Names { get; init; }

    /// <summary>Whether an allowlist means that host or address, and not just anything.</summary>
    public required Func<NetworkHost, bool> Means { get; init; }

    /// <summary>The rule that allows an address; null when none does.</summary>
    public required Func<IPAddress, string?> Rule { get; init; }

    /// <summary>What is answered when no rule allows.</summary>
    public required Verdict Otherwise { get; init; }

    /// <summary>A denial by the name alone; null when there is none.</summary>
    public static Verdict? FindFixedDenial(NetworkHost host) =>
        host.IsMetadataName ? Verdict.Deny($"fixed rule: {host} is a metadata service", "")
        : host.Address is { } address && AddressPolicy.Classify(address) == AddressClass.Never ? Forbid(address)
        : null;

    /// <summary>Judges every address that a name has.</summary>
    public ConnectionVerdict Judge(IReadOnlyCollection<IPAddress> addresses, IReadOnlyCollection<IPAddress> ownAddresses)
    {
        var plain = addresses.Select(AddressPolicy.Unmap).Distinct().ToArray();
        var own = ownAddresses.Select(AddressPolicy.Unmap).ToArray();
        foreach (var address in plain)
        {
            if (AddressPolicy.Classify(address) == AddressClass.Never)
            {
                return Deny(Forbid(address));
            }

            if (policy.FindOwn(host, port, address, own) is { } endpoint && !(IsNameOf(endpoint, address) && Names(host)))
            {
                return Deny(Verdict.Deny($"fixed rule: {endpoint} is an endpoint of this host", RemedyFor(endpoint)));
            }
        }

        var permitted = ImmutableArray.CreateBuilder<IPAddress>();
        var verdict = plain.Length == 0 ? Verdict.Deny($"{host} has no address", "") : Otherwise;
        foreach (var address in plain)
        {
            if (Rule(address) is not { } rule)
            {
                continue;
            }

            if (policy.DenyInternal && AddressPolicy.Classify(address) == AddressClass.Internal && !Means(host) && !Means(NetworkHost.Of(address)))
            {
                verdict = permitted.Count > 0 ? verdict : Otherwise with { Rule = $"network.internal: deny ({AddressPolicy.Describe(address)})" };
                continue;
            }

            verdict = permitted.Count > 0 ? verdict : Verdict.Allow(rule);
            permitted.Add(address);
        }

        return new(verdict, permitted.DrainToImmutable());
    }

    private static ConnectionVerdict Deny(Verdict verdict) => new(verdict, []);

    private static Verdict Forbid(IPAddress address) => Verdict.Deny($"fixed rule: {AddressPolicy.Describe(address)}", "");

    // A name that somebody else's resolver leads here does not name our endpoint, even when the manifest trusts it.
    private bool IsNameOf(NetworkEndpoint endpoint, IPAddress address) =>
        host == endpoint.Host || address.Equals(host.Address) || (host.Name == "localhost" && IPAddress.IsLoopback(address));

    private string RemedyFor(NetworkEndpoint endpoint) => $"{Otherwise.Remedy} (the entry must name {endpoint.Host} and port {endpoint.Port} without a wildcard)";
}
