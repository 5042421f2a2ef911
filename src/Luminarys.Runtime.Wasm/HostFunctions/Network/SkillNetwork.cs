using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Luminarys.Permissions.Network;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>What the network functions of one skill share: its rules, its way to connect, its way to trust.</summary>
internal sealed class SkillNetwork
{
    public SkillNetwork(SkillServices services, NetworkSetting setting)
    {
        (Services, Setting) = (services, setting);
        var policy = new NetworkPolicy
        {
            DenyInternal = services.Options.DenyInternalNetwork,
            OwnEndpoints = [.. services.Options.OwnEndpoints.Select(text => NetworkEndpoint.TryParse(text, out var own, out _) ? own : null).OfType<NetworkEndpoint>()],
            LocalAddresses = FindLocalAddresses(),
        };
        var permissions = services.Manifest.Permissions;
        Http = new(permissions.Http, policy);
        Tcp = new(permissions.Tcp, policy);
        Dialer = new(policy, setting);
        var memory = services.Manifest.Limits.MemoryMegabytes ?? services.Options.MemoryLimitMegabytes;
        MaxAnswer = Math.Min(Abi.GuestAbi.MaxMessage, memory << 18);
    }

    public SkillServices Services { get; }

    public NetworkSetting Setting { get; }

    public HttpRules Http { get; }

    public TcpRules Tcp { get; }

    public GuestDialer Dialer { get; }

    /// <summary>Largest answer to the guest, in bytes.</summary>
    public int MaxAnswer { get; }

    /// <summary>Whether certificates are left unchecked when the skill wishes it.</summary>
    public bool IsInsecureAllowed => Services.Options.AllowInsecureTls || !Setting.Defences.ChecksCertificates;

    /// <summary>How a server proves who it is. Nothing is downloaded for it: a certificate may name any address as the place of its issuer.</summary>
    [SuppressMessage("Security", "CA5359", Justification = "The skill asked for it and the operator consented.")]
    public SslClientAuthenticationOptions CreateTlsOptions(bool isInsecure)
    {
        var policy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
        if (Setting.Authority is { } authority)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.Add(authority);
        }

        var options = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        if (isInsecure && IsInsecureAllowed)
        {
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        }

        return options;
    }

    private static ImmutableArray<IPAddress> FindLocalAddresses()
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(own => AddressPolicy.Unmap(own.Address))];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }
}
