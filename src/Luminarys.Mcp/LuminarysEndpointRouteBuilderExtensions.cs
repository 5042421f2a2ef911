using Luminarys.Mcp.Http;
using Luminarys.Mcp.OAuth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Luminarys.Mcp;

/// <summary>Maps the MCP edge into an application.</summary>
public static class LuminarysEndpointRouteBuilderExtensions
{
    private const string FilesPattern = "/files";

    /// <summary>
    /// Maps MCP over Streamable HTTP at <paramref name="pattern"/>, <c>GET /health</c> and <c>/health/live</c>, which answer
    /// <c>{"status":"ok"}</c> while the process serves, and <c>/health/ready</c>, which answers 503 unless it takes calls. These need no
    /// token. Files of clients are at <c>/files</c>, behind the same checks as MCP. A <c>/health</c> of the application itself takes precedence. Call it once.
    /// </summary>
    /// <param name="endpoints">Where to map it.</param>
    /// <param name="pattern">Route of the MCP endpoint.</param>
    /// <returns>The MCP endpoints, for further conventions.</returns>
    public static IEndpointConventionBuilder MapLuminarys(this IEndpointRouteBuilder endpoints, string pattern = "/mcp")
    {
        ArgumentNullException.ThrowIfNull(endpoints);

        HealthEndpoints.Map(endpoints);
        var gate = endpoints.ServiceProvider.GetRequiredService<RequestGate>();
        gate.WarnIfOpen();
        endpoints.MapMethods(pattern, [HttpMethods.Options], gate.AnswerPreflightAsync);
        MapDescription(endpoints, gate, pattern);
        endpoints.ServiceProvider.GetRequiredService<FileEndpoints>().Map(endpoints, FilesPattern);
        var mcp = endpoints.MapMcp(pattern);
        var maxBytes = endpoints.ServiceProvider.GetRequiredService<IOptions<McpEdgeOptions>>().Value.MaxBodyBytes;
        mcp.Add(endpoint => endpoint.Metadata.Add(new BodyLimit(maxBytes)));

        // Last of all conventions, so that the gate stands before everything else of these endpoints, and of these only.
        var scopes = endpoints.ServiceProvider.GetRequiredService<ScopeGate>();
        var calls = endpoints.ServiceProvider.GetRequiredService<DirectCalls>();
        mcp.Finally(endpoint => Guard(endpoint, gate, scopes, calls, maxBytes));
        if (endpoints.ServiceProvider.GetRequiredService<IOptions<McpEdgeOptions>>().Value.LegacySse)
        {
            MapLegacySse(endpoints, mcp, pattern);
        }

        return mcp;
    }

    // Where clients learn from whom they get a token, if they may.
    private static void MapDescription(IEndpointRouteBuilder endpoints, RequestGate gate, string pattern)
    {
        var accessTokens = endpoints.ServiceProvider.GetRequiredService<AccessTokenCheck>();
        if (!accessTokens.IsOn)
        {
            return;
        }

        var resource = endpoints.ServiceProvider.GetRequiredService<ProtectedResource>();
        resource.Pattern = pattern;
        foreach (var route in resource.Routes)
        {
            endpoints.MapGet(route, context => gate.InvokeWithoutTokenAsync(context, resource.AnswerAsync));
            endpoints.MapMethods(route, [HttpMethods.Options], gate.AnswerPreflightAsync);
        }

        accessTokens.Warm();
    }

    // Where old clients look. The stream then names the address below the pattern for the rest.
    private static void MapLegacySse(IEndpointRouteBuilder endpoints, IEndpointConventionBuilder mcp, string pattern)
    {
        RequestDelegate? stream = null;
        var path = pattern.TrimEnd('/') + "/sse";
        mcp.Finally(endpoint => stream = (endpoint as RouteEndpointBuilder)?.RoutePattern.RawText == path ? endpoint.RequestDelegate : stream);
        endpoints.MapGet("/sse", context =>
        {
            context.Request.Path = path;
            return stream!(context);
        });
    }

    private static void Guard(EndpointBuilder endpoint, RequestGate gate, ScopeGate scopes, DirectCalls calls, long maxBytes)
    {
        if (endpoint.RequestDelegate is { } sdk)
        {
            // The transport of protocol 2024-11-05 answers on another stream than that of the request.
            var answersHere = (endpoint as RouteEndpointBuilder)?.RoutePattern.RawText?.EndsWith("/message", StringComparison.Ordinal) != true;
            RequestDelegate next = answersHere && DirectCalls.MayPrecede(sdk) ? context => calls.InvokeAsync(context, sdk) : sdk;
            endpoint.RequestDelegate = context => gate.InvokeAsync(context, admitted =>
            {
                BodyPace.Set(admitted, maxBytes);
                return BodyFault.GuardAsync(admitted, judged =>
                {
                    if (answersHere)
                    {
                        Disconnection.Follow(judged);
                    }

                    return scopes.InvokeAsync(judged, next);
                });
            });
        }
    }
}
