namespace Luminarys.Mcp.Files;

/// <summary>What keeps clients' files apart, which a test takes down to see what it holds back. Nothing but a test changes it.</summary>
internal sealed record FileDefences
{
    /// <summary>Every wall stands.</summary>
    public static FileDefences All { get; } = new();

    /// <summary>A handle is good for its owner only.</summary>
    public bool Owner { get; init; } = true;
}
