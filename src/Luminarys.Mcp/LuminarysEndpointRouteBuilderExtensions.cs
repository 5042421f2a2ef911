using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Luminarys.Mcp;

/// <summary>Maps the MCP edge into an application.</summary>
public static class LuminarysEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps MCP over Streamable HTTP at <paramref name="pattern"/>, and <c>GET /health</c>, which answers <c>{"status":"ok"}</c> while the
    /// process serves and needs no token. A <c>/health</c> of the application itself takes precedence. Call it once.
    /// </summary>
    /// <param name="endpoints">Where to map it.</param>
    /// <param name="pattern">Route of the MCP endpoint.</param>
    /// <returns>The MCP endpoints, for further conventions.</returns>
    public static IEndpointConventionBuilder MapLuminarys(this IEndpointRouteBuilder endpoints, string pattern = "/mcp")
    {
        ArgumentNullException.ThrowIfNull(endpoints);

        endpoints.MapGet("/health", context => context.Response.WriteAsJsonAsync(new { status = "ok" }, context.RequestAborted)).WithOrder(1);
        return endpoints.MapMcp(pattern);
    }
}
