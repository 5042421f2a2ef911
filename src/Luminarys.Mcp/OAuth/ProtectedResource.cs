using System.Text.Json.Nodes;
using Luminarys.Mcp.Tools;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Luminarys.Mcp.OAuth;

/// <summary>Tells clients where to get an access token for this server, and what is missing from theirs (RFC 9728, RFC 6750).</summary>
internal sealed class ProtectedResource(IOptions<McpEdgeOptions> options, ToolCatalog catalog)
{
    /// <summary>Where the description is, and below which it is for the path of each resource.</summary>
    public const string WellKnown = "/.well-known/oauth-protected-resource";

    private const string Scheme = "Bearer";
    private const int MaxScopes = 64;
    private const int MaxScopeLength = 128;

    private readonly McpEdgeOptions _options = options.Value;

    /// <summary>Route of the MCP endpoint.</summary>
    public string Pattern { get; set; } = "/mcp";

    private string BasePath => _options.ServerUrl?.AbsolutePath.TrimEnd('/') ?? "";

    /// <summary>Every route of the description: with the path of the endpoint as this server sees it, as clients see it, and without.</summary>
    public IEnumerable<string> Routes => new[] { WellKnown, WellKnown + Pattern, WellKnown + BasePath + Pattern }.Distinct(StringComparer.Ordinal);

    /// <summary>Answers the description.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        var description = new JsonObject
        {
            ["resource"] = OriginOf(context.Request) + BasePath + Pattern,
            ["authorization_servers"] = new JsonArray(_options.OAuth?.Issuer?.OriginalString),
            ["bearer_methods_supported"] = new JsonArray("header"),
            ["resource_name"] = _options.ServerName,
        };
        if (Shown(catalog.Current.Scopes) is { Length: > 0 } scopes)
        {
            description["scopes_supported"] = new JsonArray([.. scopes.Split(' ').Select(scope => JsonValue.Create(scope))]);
        }

        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-cache";
        return context.Response.WriteAsync(description.ToJsonString(), context.RequestAborted);
    }

    /// <summary>Says what a request needs that has no token, or one that is not accepted.</summary>
    /// <param name="context">The request.</param>
    /// <param name="problem">What is wrong with its token; null when it has none.</param>
    public void Challenge(HttpContext context, string? problem)
    {
        var error = problem is null ? "" : $", error=\"invalid_token\", error_description=\"{problem}\"";
        var scopes = Shown(catalog.Current.Scopes);
        context.Response.Headers.WWWAuthenticate = _options.OAuth is null
            ? Scheme
            : $"{Scheme} resource_metadata=\"{PlaceFor(context.Request)}\"{error}{(scopes.Length == 0 ? "" : $", scope=\"{scopes}\"")}";
    }

    /// <summary>Answers that the token is good, but not for this.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scopes">What it takes, all of it.</param>
    public void Forbid(HttpContext context, IEnumerable<string> scopes)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.Headers.WWWAuthenticate =
            $"{Scheme} error=\"insufficient_scope\", scope=\"{Shown(scopes)}\", resource_metadata=\"{PlaceFor(context.Request)}\"";
    }

    // A node may say anything of its skills: what is no scope cannot be asked for, and does not get into a header.
    private static string Shown(IEnumerable<string> scopes) => string.Join(
        ' ', scopes.Where(scope => scope.Length is > 0 and <= MaxScopeLength && scope.All(character => character is > ' ' and <= '~' and not '"' and not '\\')).Take(MaxScopes));

    private string PlaceFor(HttpRequest request) => OriginOf(request) + WellKnown + BasePath + Pattern;

    // The gate has accepted the Host header before.
    private string OriginOf(HttpRequest request) => _options.ServerUrl?.GetLeftPart(UriPartial.Authority) ?? $"{request.Scheme}://{request.Host.Value}";
}
