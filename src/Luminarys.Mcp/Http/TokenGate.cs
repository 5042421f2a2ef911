using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Luminarys.Mcp.OAuth;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Luminarys.Mcp.Http;

/// <summary>
/// Lets requests with a valid bearer token through: one of the configuration, or one of the authorization server. A token's digest is compared with all configured
/// ones, always all of them and each in constant time, so that the time taken tells nothing about them.
/// </summary>
internal sealed class TokenGate(
    IOptions<McpEdgeOptions> options,
    AccessTokenCheck accessTokens,
    ProtectedResource resource,
    FailedTokens failures,
    ILogger<TokenGate> logger)
{
    private const string Scheme = "Bearer";

    private static readonly string s_retry = KeySet.Pause.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    private readonly byte[][] _digests = [.. options.Value.Tokens.Select(Digest)];

    /// <summary>Whether everybody is let in.</summary>
    public bool IsOpen => _digests.Length == 0 && !accessTokens.IsOn;

    /// <summary>Runs <paramref name="next"/> as the token's principal, or answers 401, or 429 after too many of them, and does nothing else.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (Find(header) is { } index)
        {
            context.User = new(new EdgeIdentity($"token-{index}", GrantedScopes.All));
            return next(context);
        }

        if (accessTokens.IsOn && context.Request.Headers.Authorization.Count == 1 && TryGetToken(header, out var token))
        {
            return CheckAsync(context, token, next);
        }

        // A client that does not know yet where its tokens come from asks without one: that is no guess.
        Refuse(context, null, isGuess: !accessTokens.IsOn || header.Length > 0);
        return Task.CompletedTask;
    }

    private async Task CheckAsync(HttpContext context, string token, RequestDelegate next)
    {
        var verdict = await accessTokens.CheckAsync(token, context.RequestAborted).ConfigureAwait(false);
        if (verdict.Identity is { } identity)
        {
            context.User = new(identity);
            await next(context).ConfigureAwait(false);
        }
        else if (verdict.IsUnavailable)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = s_retry;
        }
        else
        {
            Refuse(context, verdict.Problem, isGuess: !verdict.IsExpired);
        }
    }

    private void Refuse(HttpContext context, string? problem, bool isGuess)
    {
        var address = context.Connection.RemoteIpAddress;
        if (isGuess && !failures.TryCount(address, out var wait))
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return;
        }

        logger.TokenRefused(address?.ToString() ?? "unknown", problem ?? "there is no valid token");
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        resource.Challenge(context, problem);
    }

    private static bool TryGetToken(string header, out string token)
    {
        var isBearer = header.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase);
        token = isBearer ? header[(Scheme.Length + 1)..].Trim() : "";
        return isBearer;
    }

    /// <summary>Index of the token in an Authorization header; null when it is none of ours.</summary>
    public int? Find(string header)
    {
        var isBearer = TryGetToken(header, out var token);
        var presented = Digest(token);
        int? found = null;
        for (var i = 0; i < _digests.Length; i++)
        {
            if (CryptographicOperations.FixedTimeEquals(presented, _digests[i]))
            {
                found = i;
            }
        }

        return isBearer ? found : null;
    }

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
