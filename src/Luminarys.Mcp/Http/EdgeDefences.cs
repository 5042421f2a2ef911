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

    /// <summary>An access token comes from the configured issuer.</summary>
    public bool Issuer { get; init; } = true;

    /// <summary>An access token is meant for this server.</summary>
    public bool Audience { get; init; } = true;

    /// <summary>An access token is good now.</summary>
    public bool Lifetime { get; init; } = true;

    /// <summary>An access token is signed with one of the issuer's keys.</summary>
    public bool Signature { get; init; } = true;

    /// <summary>An access token is signed in a way that only the issuer can.</summary>
    public bool Algorithm { get; init; } = true;

    /// <summary>An access token carries what the skill asks for.</summary>
    public bool Scope { get; init; } = true;
}
