using System.Security.Claims;
using Luminarys.Mcp.OAuth;

namespace Luminarys.Mcp.Tools;

/// <summary>What a call needs to know about the client.</summary>
/// <param name="SessionId">Its session; empty when it has none.</param>
/// <param name="Principal">Who it is; empty when anybody is let in.</param>
/// <param name="TakesBareArrays">Whether it accepts an array as structured content, as clients since protocol 2026-07-28 do.</param>
internal readonly record struct ToolClient(string SessionId, string Principal, bool TakesBareArrays)
{
    private const string FirstWithBareArrays = "2026-07-28";

    /// <summary>Whether results say of which type they are, as they do since the same version.</summary>
    public bool WantsResultType => TakesBareArrays;

    /// <summary>Told how far the call has come; null when the client did not ask.</summary>
    public ClientProgress? Progress { get; init; }

    /// <summary>What it may use.</summary>
    public required GrantedScopes Scopes { get; init; }

    /// <summary>Describes a client by its session, who it is, and the protocol version agreed with it.</summary>
    public static ToolClient Of(string? sessionId, ClaimsPrincipal? user, string? protocolVersion) =>
        new(sessionId ?? "", user?.FindFirst(ClaimTypes.NameIdentifier)?.Value ?? "", string.CompareOrdinal(protocolVersion, FirstWithBareArrays) >= 0)
        {
            Scopes = GrantedScopes.Of(user),
        };
}
