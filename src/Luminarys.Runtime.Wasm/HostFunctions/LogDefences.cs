namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>What protects the host's logs, and texts for others, from skills. All are on; a test switches one off to show that it would notice.</summary>
internal sealed record LogDefences
{
    public static LogDefences All { get; } = new();

    /// <summary>Values of secrets are masked in what is logged and told.</summary>
    public bool HidesSecrets { get; init; } = true;

    /// <summary>A skill causes a bounded number of lines in a second: denials, lines of its own, output.</summary>
    public bool BoundsLines { get; init; } = true;
}
