namespace Luminarys.Manifests.Configuration;

/// <summary>Access tokens of an outside authorization server (<c>http.oauth</c>).</summary>
/// <param name="Issuer">The only accepted issuer.</param>
/// <param name="Audience">The audience that a token must name.</param>
/// <param name="KeySetUrl">Where the issuer publishes its keys; null asks the issuer's own description.</param>
public sealed record OAuthConfiguration(Uri Issuer, string Audience, Uri? KeySetUrl);
