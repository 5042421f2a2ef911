using System.CommandLine;

namespace Luminarys.Lmsk;

/// <summary>Where the signing key is: what the option says, else <c>LMSK_KEY</c>, else <c>~/.config/luminarys/keys/default.pem</c>.</summary>
internal static class KeyPlace
{
    /// <summary>For an encrypted key; null for one that is not.</summary>
    public static string? Passphrase => Environment.GetEnvironmentVariable("LMSK_PASSPHRASE") is { Length: > 0 } passphrase ? passphrase : null;

    public static Option<string?> Option() => new("-key", "--key")
    {
        Description = "Key file, or the name of one in ~/.config/luminarys/keys. Default: LMSK_KEY, else 'default'.",
        HelpName = "FILE",
    };

    public static string Of(string? option)
    {
        var name = option ?? Environment.GetEnvironmentVariable("LMSK_KEY") ?? "default";
        return name.Contains('/', StringComparison.Ordinal) || name.EndsWith(".pem", StringComparison.Ordinal)
            ? name
            : Path.Combine(ConfigurationDirectory, "luminarys", "keys", $"{name}.pem");
    }

    private static string ConfigurationDirectory => Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } home
        ? home
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
}
