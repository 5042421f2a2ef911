namespace Luminarys.Mcp.Files;

/// <summary>What is said of a handle that is unknown, expired or somebody else's: the same, so that nobody learns which.</summary>
internal static class UnknownFile
{
    /// <summary>A code and a text.</summary>
    public const string Problem = "UNKNOWN_FILE: no file of yours has this handle, or it has expired";

    /// <summary>The text alone.</summary>
    public static string Text => Problem[(Problem.IndexOf(' ', StringComparison.Ordinal) + 1)..];
}
