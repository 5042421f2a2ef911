using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Luminarys.Permissions.Network;

/// <summary>Addresses in all the spellings that some resolver somewhere accepts: one to four parts, decimal, octal or hexadecimal.</summary>
internal static class NumericHost
{
    private static readonly SearchValues<char> s_sixCharacters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Whether a resolver could take the name for an IPv4 address: its last label is a number.</summary>
    public static bool LooksNumeric(string host)
    {
        var last = host.AsSpan()[(host.LastIndexOf('.') + 1)..];
        return last.StartsWith("0x", StringComparison.OrdinalIgnoreCase) || (last.Length > 0 && last.IndexOfAnyExceptInRange('0', '9') < 0);
    }

    /// <summary>Reads an IPv4 address; null when it is none.</summary>
    public static IPAddress? ParseFour(string host)
    {
        var parts = host.Split('.');
        if (parts.Length > 4)
        {
            return null;
        }

        ulong value = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var isLast = i == parts.Length - 1;
            var width = isLast ? 8 * (5 - parts.Length) : 8;
            if (!TryParsePart(parts[i], out var part) || part >> width != 0)
            {
                return null;
            }

            value = (value << width) | part;
        }

        return new IPAddress([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);
    }

    /// <summary>Reads what stands between the brackets; null when it is no IPv6 address, or one with a zone.</summary>
    public static IPAddress? ParseSix(ReadOnlySpan<char> text) =>
        text.Length is >= 2 and <= 45 && text.IndexOfAnyExcept(s_sixCharacters) < 0
            && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            ? AddressPolicy.Unmap(address)
            : null;

    private static bool TryParsePart(ReadOnlySpan<char> part, out ulong value)
    {
        value = 0;
        if (part.IsEmpty)
        {
            return false;
        }

        if (part.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            part = part[2..].TrimStart('0');
            return part.Length <= 8 && (part.IsEmpty || ulong.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value));
        }

        if (part[0] != '0')
        {
            return part.Length <= 10 && ulong.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        }

        foreach (var digit in part)
        {
            if (digit is < '0' or > '7' || value > uint.MaxValue)
            {
                return false;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return true;
    }
}
