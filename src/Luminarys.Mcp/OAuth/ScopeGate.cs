using System.Buffers;
using System.Text.Json;
using Luminarys.Mcp.Http;
using Luminarys.Mcp.Tools;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Luminarys.Mcp.OAuth;

/// <summary>
/// Answers 403 for a call of a tool that asks for a scope which the client's access token lacks: what clients take as the sign to ask for a better token. It is no
/// wall of its own, since the handler of calls refuses them as well, but in an answer that has begun with 200.
/// </summary>
internal sealed class ScopeGate(ToolCatalog catalog, ProtectedResource resource, ILogger<ScopeGate> logger)
{
    private const string Call = "tools/call";

    /// <summary>Runs <paramref name="next"/> unless the request calls a tool that is not the client's.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var granted = GrantedScopes.Of(context.User);
        return granted.IsAll || granted.Covers(catalog.Current.Scopes) ? next(context) : JudgeAsync(context, granted, next);
    }

    private async Task JudgeAsync(HttpContext context, GrantedScopes granted, RequestDelegate next)
    {
        var name = await FindNameAsync(context.Request, context.RequestAborted).ConfigureAwait(false);
        if (name is not null && catalog.Current.Find(name) is { } tool && !granted.Covers(tool.Scopes))
        {
            logger.ScopeMissing(tool.Definition.Name, context.Connection.RemoteIpAddress?.ToString() ?? "unknown");
            resource.Forbid(context, tool.Scopes);
            return;
        }

        await next(context).ConfigureAwait(false);
    }

    /// <summary>The tool that is called: in the headers since protocol 2026-07-28, in the body before.</summary>
    private static async ValueTask<string?> FindNameAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var method = request.Headers["Mcp-Method"];
        if (method.Count > 0 || !HttpMethods.IsPost(request.Method))
        {
            return method == Call ? request.Headers["Mcp-Name"].ToString() : null;
        }

        return await BodyPeek.JudgeAsync(request, NameIn, cancellationToken).ConfigureAwait(false);
    }

    private static string? NameIn(ReadOnlySequence<byte> body)
    {
        try
        {
            var message = JsonElement.Parse(body.IsSingleSegment ? body.FirstSpan : body.ToArray());
            return Child(message, "method") is { ValueKind: JsonValueKind.String } method && method.ValueEquals(Call)
                && Child(message, "params") is { } parameters && Child(parameters, "name") is { ValueKind: JsonValueKind.String } name
                ? name.GetString()
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, or no text: whoever reads it next says so.
            return null;
        }
    }

    private static JsonElement? Child(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) ? child : null;
}
