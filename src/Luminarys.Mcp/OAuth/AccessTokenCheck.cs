using System.Diagnostics.CodeAnalysis;
using Luminarys.Mcp.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Luminarys.Mcp.OAuth;

/// <summary>
/// Judges access tokens in the form of RFC 9068: JSON web tokens that the issuer signed with one of its published keys, for this server, for now. Exceptions of
/// the token library end here. Thread-safe.
/// </summary>
internal sealed class AccessTokenCheck(IOptions<McpEdgeOptions> options, KeySet keys, EdgeDefences defences, TimeProvider time)
{
    private const int MaxLength = 16 * 1024;
    private const int MaxSubjectLength = 256;
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(60);

    // Signatures only the issuer can make. HMAC would take a public key for a secret, and "none" is no signature.
    private static readonly string[] s_algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    // Of other kinds of tokens that an issuer signs, such as those that end a session.
    private static readonly string[] s_types = ["", "JWT", "at+jwt", "application/at+jwt"];

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxLength, MapInboundClaims = false };
    private readonly McpOAuthOptions? _oauth = options.Value.OAuth;

    /// <summary>Whether access tokens are accepted at all.</summary>
    [MemberNotNullWhen(true, nameof(_oauth))]
    public bool IsOn => _oauth is not null;

    /// <summary>Asks the issuer for its keys, so that the first client need not wait and a mistake in the configuration shows at the start.</summary>
    public void Warm()
    {
        if (IsOn)
        {
            keys.Begin();
        }
    }

    /// <summary>Judges one token.</summary>
    public async ValueTask<AccessTokenVerdict> CheckAsync(string text, CancellationToken cancellationToken)
    {
        if (!IsOn || !TryRead(text, out var token))
        {
            return new(null, "it is not an access token in the form of a JWT");
        }

        if (FindProblem(token) is { } problem)
        {
            return new(null, problem);
        }

        IReadOnlyList<SecurityKey> candidates = [];
        if (defences.Signature)
        {
            if (await keys.FindAsync(token.Kid, token.Alg, cancellationToken).ConfigureAwait(false) is not { } found)
            {
                return new(null, "the keys of its issuer cannot be had now") { IsUnavailable = true };
            }

            if (found.Count == 0)
            {
                return new(null, "its issuer has no such key");
            }

            candidates = found;
        }

        var result = await _handler.ValidateTokenAsync(token, ParametersOf(_oauth, candidates)).ConfigureAwait(false);
        return result.IsValid ? Accept(token) : new(null, ReasonOf(result.Exception)) { IsExpired = result.Exception is SecurityTokenExpiredException };
    }

    private static bool TryRead(string text, [NotNullWhen(true)] out JsonWebToken? token)
    {
        token = null;
        if (text.Length > MaxLength || text.AsSpan().Count('.') != 2)
        {
            return false;
        }

        try
        {
            token = new(text);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or System.Text.Json.JsonException or SecurityTokenException)
        {
            return false;
        }
    }

    /// <summary>What the library does not look at, and what needs no key to see.</summary>
    private string? FindProblem(JsonWebToken token)
    {
        if (defences.Algorithm && !s_algorithms.Contains(token.Alg))
        {
            return "it is signed in a way that is not accepted";
        }

        if (token.TryGetHeaderValue<object>("crit", out _))
        {
            return "it asks for an extension that is not understood";
        }

        return s_types.Contains(token.Typ ?? "", StringComparer.OrdinalIgnoreCase) ? null : "it is another kind of token";
    }

    private TokenValidationParameters ParametersOf(McpOAuthOptions oauth, IReadOnlyList<SecurityKey> candidates)
    {
        var parameters = new TokenValidationParameters
        {
            ValidateIssuer = defences.Issuer,
            ValidIssuer = oauth.Issuer?.OriginalString,
            ValidateAudience = defences.Audience,
            ValidAudience = oauth.Audience,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            ValidateLifetime = defences.Lifetime,
            LifetimeValidator = ValidateLifetime,
            IssuerSigningKeys = candidates,
            TryAllIssuerSigningKeys = true,
            RequireSignedTokens = defences.Signature,
            ValidAlgorithms = defences.Algorithm ? s_algorithms : null,
        };
        if (!defences.Signature)
        {
            parameters.SignatureValidator = static (text, _) => new JsonWebToken(text);
        }

        return parameters;
    }

    // The library's own looks at the machine's clock.
    private bool ValidateLifetime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        if (!defences.Lifetime)
        {
            return true;
        }

        var now = time.GetUtcNow().UtcDateTime;
        if (expires is null || expires.Value < now - s_skew)
        {
            throw new SecurityTokenExpiredException();
        }

        return notBefore is null || notBefore.Value <= now + s_skew ? true : throw new SecurityTokenNotYetValidException();
    }

    private AccessTokenVerdict Accept(JsonWebToken token)
    {
        if (token.Subject is not { Length: > 0 and <= MaxSubjectLength } subject)
        {
            return new(null, "it names no subject");
        }

        // A URL holds no blank: what stands behind the first is the subject, and no configured token is called like this.
        var scopes = token.Claims.Where(claim => claim.Type is "scope" or "scp").SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return new(new($"{token.Issuer} {subject}", defences.Scope ? GrantedScopes.Of(scopes) : GrantedScopes.All), "");
    }

    private static string ReasonOf(Exception? exception) => exception switch
    {
        SecurityTokenExpiredException => "it has expired",
        SecurityTokenNotYetValidException => "it is not valid yet",
        SecurityTokenInvalidIssuerException => "it comes from another issuer",
        SecurityTokenInvalidAudienceException => "it is meant for another server",
        _ => "its signature is not one of its issuer",
    };
}
