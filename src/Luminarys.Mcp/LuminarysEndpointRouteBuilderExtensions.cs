using Luminarys.Mcp.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

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

        endpoints.MapGet("/health", AnswerHealthAsync).WithOrder(1);
        var mcp = endpoints.MapMcp(pattern);
        var limit = new BodyLimit(endpoints.ServiceProvider.GetRequiredService<IOptions<McpEdgeOptions>>().Value.MaxBodyBytes);
        mcp.Add(endpoint => endpoint.Metadata.Add(limit));

        var gate = endpoints.ServiceProvider.GetRequiredService<TokenGate>();
        if (!gate.IsOpen)
        {
            // Last of all conventions, so that the gate stands before everything else of these endpoints, and of these only.
            mcp.Finally(endpoint => Guard(endpoint, gate));
        }

        return mcp;
    }

    private static void Guard(EndpointBuilder endpoint, TokenGate gate)
    {
        if (endpoint.RequestDelegate is { } next)
        {
            endpoint.RequestDelegate = context => gate.InvokeAsync(context, next);
        }
    }

    private static Task AnswerHealthAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync("""{"status":"ok"}""", context.RequestAborted);
    }
}
