using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Luminarys.Mcp.Http;

/// <summary>
/// Stands before the endpoints of the edge. Host, then origin, then token are judged from the headers alone; a request that fails one is
/// answered without a body, and neither its body is read nor anything behind the gate runs.
/// </summary>
internal sealed class RequestGate(IOptions<McpEdgeOptions> options, TokenGate tokens, EdgeDefences defences, ILogger<RequestGate> logger)
{
    private const string Methods = "GET, POST, DELETE";
    private const string RequestHeaders =
        "Accept, Authorization, Content-Type, Last-Event-ID, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id";

    private const string ResponseHeaders = "Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate";
    private const string PreflightSeconds = "600";

    private readonly HostRule _hosts = new(options.Value);
    private readonly OriginRule _origins = new(options.Value);

    /// <summary>Says so when anyone on the network is let in.</summary>
    public void WarnIfOpen()
    {
        if (tokens.IsOpen && options.Value.ListensBeyondLoopback)
        {
            logger.OpenToTheNetwork();
        }
    }

    /// <summary>Runs <paramref name="next"/> for a request that may pass.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!Admits(context))
        {
            return Task.CompletedTask;
        }

        return tokens.IsOpen || !defences.Token ? next(context) : tokens.InvokeAsync(context, next);
    }

    /// <summary>Runs <paramref name="next"/> for a request that may pass, token or not: for what a client must know before it has one.</summary>
    public Task InvokeWithoutTokenAsync(HttpContext context, RequestDelegate next) => Admits(context) ? next(context) : Task.CompletedTask;

    /// <summary>Answers what a browser asks before it sends a page's request. It carries no token.</summary>
    public Task AnswerPreflightAsync(HttpContext context)
    {
        if (Admits(context))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.Allow = Methods;
            if (context.Request.Headers.Origin.Count > 0)
            {
                context.Response.Headers.AccessControlAllowMethods = Methods;
                context.Response.Headers.AccessControlAllowHeaders = RequestHeaders;
                context.Response.Headers.AccessControlMaxAge = PreflightSeconds;
            }
        }

        return Task.CompletedTask;
    }

    private bool Admits(HttpContext context)
    {
        var request = context.Request;
        if (defences.Host && !_hosts.Accepts(request.Host, context.Connection.LocalIpAddress))
        {
            return Refuse(context, StatusCodes.Status421MisdirectedRequest, "the Host header does not name this server");
        }

        var origin = request.Headers.Origin;
        if (origin.Count == 0)
        {
            return true;
        }

        if (defences.Origin && (origin.Count > 1 || !_origins.Accepts(origin.ToString(), request)))
        {
            return Refuse(context, StatusCodes.Status403Forbidden, "the Origin header names a page that may not call");
        }

        context.Response.Headers.AccessControlAllowOrigin = origin;
        context.Response.Headers.AccessControlExposeHeaders = ResponseHeaders;
        context.Response.Headers.Vary = "Origin";
        return true;
    }

    private bool Refuse(HttpContext context, int status, string reason)
    {
        logger.RequestRefused(context.Connection.RemoteIpAddress?.ToString() ?? "unknown", reason);
        context.Response.StatusCode = status;
        return false;
    }
}
