using System.Security.Claims;

namespace Luminarys.Mcp.Files;

/// <summary>Who may use a stored file: a principal; where anybody is let in, a session; else everybody together.</summary>
internal readonly record struct FileOwner(string Key)
{
    private const string PrincipalMark = "principal ";
    private const string SessionMark = "session ";

    /// <summary>Everybody who is nobody in particular.</summary>
    public static FileOwner Shared { get; } = new("");

    /// <summary>The owner of what a client brings; either part may be empty.</summary>
    public static FileOwner Of(string? principal, string? session) =>
        !string.IsNullOrEmpty(principal) ? new(PrincipalMark + principal)
        : !string.IsNullOrEmpty(session) ? new(SessionMark + session)
        : Shared;

    /// <summary>The owner of what a request brings.</summary>
    public static FileOwner Of(ClaimsPrincipal? user, string? session) => Of(user?.FindFirst(ClaimTypes.NameIdentifier)?.Value, session);

    /// <summary>Whether it may use a file of <paramref name="other"/>: its own; and a session, which no token tells apart, what everybody may.</summary>
    public bool Reaches(FileOwner other) => this == other || (other == Shared && Key.StartsWith(SessionMark, StringComparison.Ordinal));
}
