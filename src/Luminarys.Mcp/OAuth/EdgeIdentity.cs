using System.Security.Claims;

namespace Luminarys.Mcp.OAuth;

/// <summary>Who a request comes from, once it has passed the gate. Limits, sessions and files belong to the name; it holds nothing of the token but that.</summary>
/// <param name="name">The principal. The SDK binds a session to this claim.</param>
/// <param name="scopes">What it may use.</param>
internal sealed class EdgeIdentity(string name, GrantedScopes scopes) : ClaimsIdentity([new(ClaimTypes.NameIdentifier, name)], "Bearer")
{
    /// <summary>What it may use.</summary>
    public GrantedScopes Scopes { get; } = scopes;
}
