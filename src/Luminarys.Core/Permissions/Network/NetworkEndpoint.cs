using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Luminarys.Permissions.Network;

/// <summary>A host and a port.</summary>
/// <param name="Host">The host.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record NetworkEndpoint(NetworkHost Host, int Port)
{
    /// <summary>Reads <c>host:port</c> or <c>[address]:port</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NetworkEndpoint? endpoint, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        endpoint = null;
        var colon = text.LastIndexOf(':');
        if (colon < 0 || text.EndsWith(']'))
        {
            fault = "it has no port";
            return false;
        }

        if (!TryParsePort(text.AsSpan()[(colon + 1)..], out var port))
        {
            fault = "its port is not a number from 1 to 65535";
            return false;
        }

        if (NetworkHost.TryParse(text[..colon], out var host, out fault))
        {
            endpoint = new(host, port);
        }

        return endpoint is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    internal static bool TryParsePort(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && text.Length <= 5 && port is > 0 and <= 65535;
}
