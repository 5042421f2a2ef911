using System.Globalization;

namespace Luminarys.Runtime.Wasm.HostFunctions.Network;

/// <summary>One cookie as a server sets it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value, without quotes.</param>
internal sealed record ServerCookie(string Name, string Value)
{
    private const int MaxLength = 4096;

    /// <summary>Without a leading dot, in lower case; empty for the host that set it.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Empty when the server names none.</summary>
    public string Path { get; init; } = "";

    /// <summary>Unix seconds; 0 for the end of the session.</summary>
    public long Expires { get; init; }

    public bool IsSecure { get; init; }

    public bool IsHttpOnly { get; init; }

    /// <summary>Reads the value of one <c>Set-Cookie</c> header; null when it is none.</summary>
    public static ServerCookie? Parse(string text, DateTimeOffset now)
    {
        var parts = text.Split(';');
        var pair = parts[0].Split('=', 2);
        var name = pair[0].Trim();
        if (pair.Length < 2 || name.Length == 0 || text.Length > MaxLength || text.Any(char.IsControl))
        {
            return null;
        }

        var cookie = new ServerCookie(name, pair[1].Trim().Trim('"'));
        var hasMaxAge = false;
        foreach (var part in parts.AsSpan(1))
        {
            var attribute = part.Split('=', 2);
            var value = attribute.Length > 1 ? attribute[1].Trim() : "";
            switch (attribute[0].Trim().ToUpperInvariant())
            {
                case "DOMAIN":
                    cookie = cookie with { Domain = value.TrimStart('.').ToLowerInvariant() };
                    break;
                case "PATH" when value.StartsWith('/'):
                    cookie = cookie with { Path = value };
                    break;
                case "MAX-AGE" when long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds):
                    hasMaxAge = true;
                    cookie = cookie with { Expires = seconds <= 0 ? 1 : now.ToUnixTimeSeconds() + Math.Min(seconds, int.MaxValue) };
                    break;
                case "EXPIRES" when !hasMaxAge && DateTimeOffset.TryParse(value.Replace('-', ' '), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date):
                    cookie = cookie with { Expires = Math.Max(1, date.ToUnixTimeSeconds()) };
                    break;
                case "SECURE":
                    cookie = cookie with { IsSecure = true };
                    break;
                case "HTTPONLY":
                    cookie = cookie with { IsHttpOnly = true };
                    break;
                default:
                    break;
            }
        }

        return cookie;
    }
}
