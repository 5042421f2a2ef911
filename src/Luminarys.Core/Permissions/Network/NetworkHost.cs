using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Luminarys.Permissions.Network;

/// <summary>A host in one spelling: a lower-case ASCII name without trailing dot, or an address.</summary>
public sealed record NetworkHost
{
    private static readonly string[] s_metadataNames =
        ["metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal"];

    private NetworkHost(string name, IPAddress? address) => (Name, Address) = (name, address);

    /// <summary>The name, or the address in canonical form without brackets.</summary>
    public string Name { get; }

    /// <summary>The address; null when a resolver must be asked.</summary>
    public IPAddress? Address { get; }

    /// <summary>Whether the name is one of a metadata service.</summary>
    public bool IsMetadataName => Array.IndexOf(s_metadataNames, Name) >= 0;

    /// <summary>A host that is an address.</summary>
    public static NetworkHost Of(IPAddress address)
    {
        var plain = AddressPolicy.Unmap(address);
        return new(plain.ToString(), plain);
    }

    /// <summary>
    /// Reads a host. Decimal, octal, hexadecimal and short IPv4 spellings become the address that they stand for; IPv6 stands in brackets. Names that
    /// different readers could understand differently are refused.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NetworkHost? host, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        host = null;
        fault = null;
        if (text.StartsWith('['))
        {
            host = text.EndsWith(']') && NumericHost.ParseSix(text.AsSpan()[1..^1]) is { } six ? Of(six) : null;
            fault = host is null ? "its host is not an IPv6 address" : null;
        }
        else if (HostLabels.Normalise(text) is not { } name)
        {
            fault = "its host is not a name";
        }
        else if (!NumericHost.LooksNumeric(name))
        {
            host = new(name, null);
        }
        else
        {
            host = NumericHost.ParseFour(name) is { } four ? Of(four) : null;
            fault = host is null ? "its host looks like an IPv4 address and is none" : null;
        }

        return host is not null;
    }

    /// <summary>The host as it stands in a URL: IPv6 in brackets.</summary>
    public override string ToString() => Address?.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{Name}]" : Name;
}
