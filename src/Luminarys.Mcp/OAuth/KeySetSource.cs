using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Luminarys.Mcp.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Luminarys.Mcp.OAuth;

/// <summary>Fetches the issuer's keys: from the configured URL, or from the one in the issuer's own description (RFC 8414, OpenID Connect Discovery).</summary>
internal sealed class KeySetSource : IDisposable
{
    private const int MaxKeys = 64;
    private const int MinRsaBits = 2048;
    private const int MaxBytes = 1024 * 1024;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly McpOAuthOptions? _oauth;
    private readonly EdgeDefences _defences;

    // A redirect could lead anywhere, inside included.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = s_timeout,
        MaxResponseContentBufferSize = MaxBytes,
    };

    public KeySetSource(IOptions<McpEdgeOptions> options, EdgeDefences defences) => (_oauth, _defences) = (options.Value.OAuth, defences);

    /// <summary>Whose keys they are.</summary>
    public string Issuer => _oauth?.Issuer?.OriginalString ?? "";

    /// <summary>The keys that may sign tokens now.</summary>
    /// <exception cref="HttpRequestException">The issuer did not answer.</exception>
    /// <exception cref="InvalidDataException">It answered something else.</exception>
    public async Task<ImmutableArray<JsonWebKey>> FetchAsync(CancellationToken cancellationToken)
    {
        var url = _oauth?.KeySetUrl ?? await DiscoverAsync(cancellationToken).ConfigureAwait(false);
        var text = await GetAsync(url, cancellationToken).ConfigureAwait(false) ?? throw new InvalidDataException($"{url} answered 404");
        var keys = ImmutableArray.CreateRange(Parse(text, url).Where(IsForTokens).Take(MaxKeys));
        return keys.IsEmpty ? throw new InvalidDataException($"{url} holds no key that may sign tokens") : keys;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static IList<JsonWebKey> Parse(string text, Uri url)
    {
        try
        {
            return new JsonWebKeySet(text).Keys;
        }
        catch (Exception exception) when (exception is ArgumentException or JsonException or FormatException)
        {
            throw new InvalidDataException($"{url} holds no keys", exception);
        }
    }

    private bool IsForTokens(JsonWebKey key) =>
        (string.IsNullOrEmpty(key.Use) || key.Use == JsonWebKeyUseNames.Sig) && (key.Kty switch
        {
            JsonWebAlgorithmsKeyTypes.RSA => SizeOf(key) >= MinRsaBits,
            JsonWebAlgorithmsKeyTypes.EllipticCurve => SizeOf(key) > 0,
            _ => !_defences.Algorithm,
        });

    private static int SizeOf(JsonWebKey key)
    {
        try
        {
            return key.KeySize;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return 0;
        }
    }

    private async Task<Uri> DiscoverAsync(CancellationToken cancellationToken)
    {
        var issuer = _oauth?.Issuer ?? throw new InvalidDataException("no issuer is configured");
        var path = issuer.AbsolutePath.TrimEnd('/');
        string[] places = [$"/.well-known/oauth-authorization-server{path}", $"/.well-known/openid-configuration{path}", $"{path}/.well-known/openid-configuration"];
        foreach (var place in places.Distinct(StringComparer.Ordinal))
        {
            if (await GetAsync(new(issuer, place), cancellationToken).ConfigureAwait(false) is { } text)
            {
                return ReadPlaceOfKeys(text, issuer);
            }
        }

        throw new InvalidDataException("the issuer describes itself nowhere; set http.oauth.jwks_url");
    }

    private static Uri ReadPlaceOfKeys(string text, Uri issuer)
    {
        var description = JsonElement.Parse(text);
        if (description.ValueKind != JsonValueKind.Object || TextOf(description, "issuer") != issuer.OriginalString)
        {
            throw new InvalidDataException("the description that was found is of another issuer");
        }

        return Uri.TryCreate(TextOf(description, "jwks_uri"), UriKind.Absolute, out var url) && McpOAuthOptions.IsTrusted(url)
            ? url
            : throw new InvalidDataException("the issuer's description names no https URL of its keys");
    }

    private static string? TextOf(JsonElement map, string name) =>
        map.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private async Task<string?> GetAsync(Uri url, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(url, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        return response.StatusCode == HttpStatusCode.OK
            ? await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)
            : throw new InvalidDataException($"{url} answered {(int)response.StatusCode}");
    }
}
