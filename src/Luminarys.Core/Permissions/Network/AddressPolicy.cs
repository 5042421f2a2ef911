using System.Net;
using System.Net.Sockets;

namespace Luminarys.Permissions.Network;

/// <summary>
/// Which addresses skills may be connected to at all. An IPv6 address that carries an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo) is
/// judged by both, and the stricter class counts.
/// </summary>
public static class AddressPolicy
{
    /// <summary>The class of an address.</summary>
    public static AddressClass Classify(IPAddress address) => Find(address).Class;

    /// <summary>The class in words, such as <c>169.254.169.254 is link-local or a metadata service</c>.</summary>
    public static string Describe(IPAddress address)
    {
        var (range, judged) = FindJudged(address);
        var plain = Unmap(address);
        return plain.Equals(judged) ? $"{plain} is {range.Name}" : $"{plain} holds {judged}, which is {range.Name}";
    }

    /// <summary>The IPv4 address that a mapped one stands for, and any other address without its zone.</summary>
    public static IPAddress Unmap(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
            : address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } ? new IPAddress(address.GetAddressBytes())
            : address;
    }

    private static AddressRange Find(IPAddress address) => FindJudged(address).Range;

    private static (AddressRange Range, IPAddress Judged) FindJudged(IPAddress address)
    {
        var plain = Unmap(address);
        var strictest = (Range: AddressRange.Of(plain), Judged: plain);
        if (plain.AddressFamily == AddressFamily.InterNetworkV6)
        {
            foreach (var embedded in EmbeddedIn(plain.GetAddressBytes()))
            {
                var range = AddressRange.Of(embedded);
                if (range.Class > strictest.Range.Class)
                {
                    strictest = (range, embedded);
                }
            }
        }

        return strictest;
    }

    private static IEnumerable<IPAddress> EmbeddedIn(byte[] bytes)
    {
        if (bytes.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0 && !IsUnspecifiedOrLoopback(bytes))
        {
            yield return At(bytes, 12, 13, 14, 15);
        }
        else if (Starts(bytes, [0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0]) || Starts(bytes, [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]))
        {
            yield return At(bytes, 12, 13, 14, 15);
        }
        else if (Starts(bytes, [0, 0x64, 0xff, 0x9b, 0, 1]))
        {
            foreach (var address in EmbeddedInLocalTranslation(bytes))
            {
                yield return address;
            }
        }
        else if (Starts(bytes, [0x20, 0x02]))
        {
            yield return At(bytes, 2, 3, 4, 5);
        }
        else if (Starts(bytes, [0x20, 0x01, 0, 0]))
        {
            yield return At(bytes, 4, 5, 6, 7);
            yield return new IPAddress([(byte)~bytes[12], (byte)~bytes[13], (byte)~bytes[14], (byte)~bytes[15]]);
        }
    }

    // Where the IPv4 address stands depends on the translator's prefix length, which nobody tells. A zero first byte is padding of another length.
    private static IEnumerable<IPAddress> EmbeddedInLocalTranslation(byte[] bytes)
    {
        if (bytes[12] != 0 || bytes.AsSpan(6, 6).IndexOfAnyExcept((byte)0) < 0)
        {
            yield return At(bytes, 12, 13, 14, 15);
        }

        if (bytes[6] != 0)
        {
            yield return At(bytes, 6, 7, 9, 10);
        }

        if (bytes[7] != 0)
        {
            yield return At(bytes, 7, 9, 10, 11);
        }

        if (bytes[9] != 0)
        {
            yield return At(bytes, 9, 10, 11, 12);
        }
    }

    private static bool IsUnspecifiedOrLoopback(byte[] bytes) => bytes is [.., 0, 0, 0, 0 or 1];

    private static bool Starts(byte[] bytes, ReadOnlySpan<byte> prefix) => bytes.AsSpan().StartsWith(prefix);

    private static IPAddress At(byte[] bytes, int a, int b, int c, int d) => new([bytes[a], bytes[b], bytes[c], bytes[d]]);
}
