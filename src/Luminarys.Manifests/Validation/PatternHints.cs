using System.Globalization;
using System.Net;
using Luminarys.Permissions.Network;

namespace Luminarys.Manifests.Validation;

/// <summary>Well-formed patterns that can never match: mistakes that would otherwise show only as a denial much later.</summary>
internal static class PatternHints
{
    public static string? Url(string pattern) =>
        pattern is "**" || pattern.Contains("://", StringComparison.Ordinal)
            ? (WebPattern.TryParse(pattern, out _, out var fault) ? null : $"matches no URL: it {fault}")
            : "matches no URL: begin with a scheme, such as https://";

    public static string? Endpoint(string pattern)
    {
        if (pattern is "**")
        {
            return null;
        }

        var port = pattern[(pattern.LastIndexOf(':') + 1)..];
        if (port.Length == 0 || port.Length == pattern.Length)
        {
            return "matches no address: end with a port, such as :443 or :*";
        }

        return port.All(char.IsAsciiDigit)
            && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is 0 or > IPEndPoint.MaxPort)
                ? "matches no address: ports go from 1 to 65535"
                : EndpointPattern.TryParse(pattern, out _, out var fault) ? null : $"matches no address: it {fault}";
    }
}
