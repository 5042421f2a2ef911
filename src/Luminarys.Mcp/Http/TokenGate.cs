using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Luminarys.Mcp.Http;

/// <summary>
/// Lets requests with a valid bearer token through. A token's digest is compared with all configured ones, always all of them and each in
/// constant time, so that the time taken tells nothing about them.
/// </summary>
internal sealed class TokenGate(IOptions<McpEdgeOptions> options, FailedTokens failures, ILogger<TokenGate> logger)
{
    private const string Scheme = "Bearer";

    private readonly byte[][] _digests = [.. options.Value.Tokens.Select(Digest)];

    /// <summary>Whether no token is configured.</summary>
    public bool IsOpen => _digests.Length == 0;

    /// <summary>Runs <paramref name="next"/> as the token's principal, or answers 401, or 429 after too many of them, and does nothing else.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (Find(context.Request.Headers.Authorization.ToString()) is not { } index)
        {
            var address = context.Connection.RemoteIpAddress;
            if (!failures.TryCount(address, out var wait))
            {
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                return Task.CompletedTask;
            }

            logger.TokenRefused(address?.ToString() ?? "unknown");
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = Scheme;
            return Task.CompletedTask;
        }

        // A session belongs to the token that opened it; the SDK compares this claim.
        context.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, $"token-{index}")], Scheme));
        return next(context);
    }

    /// <summary>Index of the token in an Authorization header; null when it is none of ours.</summary>
    public int? Find(string header)
    {
        var isBearer = header.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase);
        var presented = Digest(isBearer ? header[(Scheme.Length + 1)..].Trim() : "");
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
