using Luminarys.Mcp.Tools;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Luminarys.Mcp.OAuth;

/// <summary>
/// Answers 403 for a call of a tool that asks for a scope which the client's access token lacks, as the headers of protocol 2026-07-28 tell before the body is
/// read. What they do not tell the handler of calls sees.
/// </summary>
internal sealed class ScopeGate(ToolCatalog catalog, ProtectedResource resource, ILogger<ScopeGate> logger)
{
    private const string Call = "tools/call";

    /// <summary>Runs <paramref name="next"/> unless the headers name a tool that is not the client's.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var granted = GrantedScopes.Of(context.User);
        if (!granted.IsAll && context.Request.Headers["Mcp-Method"] == Call
            && catalog.Current.Find(context.Request.Headers["Mcp-Name"].ToString()) is { } tool && !granted.Covers(tool.Scopes))
        {
            Refuse(context, tool);
            return Task.CompletedTask;
        }

        return next(context);
    }

    /// <summary>Answers what the token lacks.</summary>
    public void Refuse(HttpContext context, ToolEntry tool)
    {
        logger.ScopeMissing(tool.Definition.Name, context.Connection.RemoteIpAddress?.ToString() ?? "unknown");
        resource.Forbid(context, tool.Scopes);
    }
}
