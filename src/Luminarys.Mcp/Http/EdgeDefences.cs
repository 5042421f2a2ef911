namespace Luminarys.Mcp.Http;

/// <summary>The walls in front of the edge, each of which a test takes down to see what it holds back. Nothing but a test changes them.</summary>
internal sealed record EdgeDefences
{
    /// <summary>Every wall stands.</summary>
    public static EdgeDefences All { get; } = new();

    /// <summary>The Host header names this server.</summary>
    public bool Host { get; init; } = true;

    /// <summary>A web page may call only when it is known.</summary>
    public bool Origin { get; init; } = true;

    /// <summary>A request carries one of the configured tokens.</summary>
    public bool Token { get; init; } = true;
}
