using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Claims;

namespace Luminarys.Mcp.OAuth;

/// <summary>What a client may use: every scope, or those of its access token. Immutable.</summary>
internal sealed class GrantedScopes
{
    private readonly FrozenSet<string>? _names;

    private GrantedScopes(FrozenSet<string>? names) => _names = names;

    /// <summary>Of clients with a token of the configuration, of local ones, and of all where nobody asks for a token.</summary>
    public static GrantedScopes All { get; } = new(null);

    /// <summary>Whether there is none that it lacks.</summary>
    public bool IsAll => _names is null;

    /// <summary>These and no others.</summary>
    public static GrantedScopes Of(IEnumerable<string> names) => new(names.ToFrozenSet(StringComparer.Ordinal));

    /// <summary>Those of the client whom the gate let in.</summary>
    public static GrantedScopes Of(ClaimsPrincipal? user) => (user?.Identity as EdgeIdentity)?.Scopes ?? All;

    /// <summary>Whether it holds one scope.</summary>
    public bool Holds(string scope) => _names?.Contains(scope) != false;

    /// <summary>Whether it holds every one of <paramref name="required"/>.</summary>
    public bool Covers(ImmutableArray<string> required)
    {
        foreach (var scope in required)
        {
            if (!Holds(scope))
            {
                return false;
            }
        }

        return true;
    }
}
