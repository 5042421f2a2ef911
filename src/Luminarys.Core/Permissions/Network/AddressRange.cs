using System.Net;

namespace Luminarys.Permissions.Network;

/// <summary>Addresses with one meaning.</summary>
internal readonly record struct AddressRange(IPNetwork Network, AddressClass Class, string Name)
{
    private static readonly AddressRange[] s_four =
    [
        Never("0.0.0.0/8", "unspecified"),
        Never("100.100.100.200/32", "a metadata service"),
        Never("168.63.129.16/32", "a metadata service"),
        Never("169.254.0.0/16", "link-local or a metadata service"),
        Never("192.0.0.192/32", "a metadata service"),
        Never("192.0.2.0/24", "reserved for documentation"),
        Never("198.51.100.0/24", "reserved for documentation"),
        Never("203.0.113.0/24", "reserved for documentation"),
        Never("224.0.0.0/4", "multicast"),
        Never("240.0.0.0/4", "reserved or broadcast"),
        Internal("10.0.0.0/8", "private"),
        Internal("100.64.0.0/10", "shared by a carrier"),
        Internal("127.0.0.0/8", "loopback"),
        Internal("172.16.0.0/12", "private"),
        Internal("192.168.0.0/16", "private"),
    ];

    private static readonly AddressRange[] s_six =
    [
        Never("::/128", "unspecified"),
        Never("100::/64", "a black hole"),
        Never("2001:db8::/32", "reserved for documentation"),
        Never("3fff::/20", "reserved for documentation"),
        Never("fd00:ec2::/32", "a metadata service"),
        Never("fe80::/10", "link-local"),
        Never("fec0::/10", "site-local"),
        Never("ff00::/8", "multicast"),
        Internal("::1/128", "loopback"),
        Internal("fc00::/7", "private"),
    ];

    private static readonly AddressRange s_external = new(default, AddressClass.External, "external");

    /// <summary>The first range that holds the address, without a look at what is embedded in it.</summary>
    public static AddressRange Of(IPAddress address)
    {
        foreach (var range in address.GetAddressBytes().Length == 4 ? s_four : s_six)
        {
            if (range.Network.Contains(address))
            {
                return range;
            }
        }

        return s_external;
    }

    private static AddressRange Never(string network, string name) => new(IPNetwork.Parse(network), AddressClass.Never, name);

    private static AddressRange Internal(string network, string name) => new(IPNetwork.Parse(network), AddressClass.Internal, name);
}
