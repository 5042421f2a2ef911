using System.Collections.Immutable;
using Luminarys.Manifests.Configuration;
using Luminarys.Manifests.Validation;
using Luminarys.Manifests.Yaml;

namespace Luminarys.Manifests.Sections;

/// <summary><c>http</c></summary>
internal static class HttpSection
{
    private const long MinBody = 1024;
    private const long MaxBody = 64 * 1024 * 1024;

    public static HttpConfiguration? Read(SectionReader root)
    {
        if (root.Section("http") is not { } http)
        {
            return null;
        }

        var defaults = new HttpConfiguration();
        return new HttpConfiguration
        {
            Address = http.Value("addr", NetworkRules.Listen, defaults.Address),
            ServerUrl = http.Value<Uri?>("server_url", NetworkRules.WebUrl!, null),
            Tokens = ReadTokens(http),
            AllowedOrigins = http.List<string>(http.KeyOrAlias("allowed_origins", "cors_origins"), NetworkRules.Origin) ?? [],
            AllowedHosts = http.List<string>("allowed_hosts", NetworkRules.HostHeader) ?? [],
            Strict = http.Value<bool>("strict", ScalarRules.Flag, false),
            MaxBodyBytes = http.Value("max_body_bytes", ScalarRules.LargeInteger(MinBody, MaxBody), defaults.MaxBodyBytes),
            OAuth = ReadOAuth(http),
        };
    }

    /// <summary>A list of nothing but empty texts would silently switch authentication off, so it is refused.</summary>
    private static ImmutableArray<string> ReadTokens(SectionReader http)
    {
        if (http.Section("auth", "write auth: { tokens: [...] }") is not { } auth || !auth.TryFind("tokens", out var node))
        {
            return [];
        }

        var tokens = ImmutableArray.CreateBuilder<string>();
        YamlScalar? empty = null;
        foreach (var scalar in auth.Scalars(node, "tokens"))
        {
            if (scalar.IsNull || scalar.Text.Length == 0)
            {
                empty ??= scalar;
            }
            else if (scalar.Text.Any(character => character is <= ' ' or > '~'))
            {
                auth.Error(scalar, "tokens", "a token holds blanks or other characters that no HTTP header carries");
            }
            else
            {
                tokens.Add(scalar.Text);
            }
        }

        if (empty is not null && tokens.Count > 0)
        {
            auth.Warn(empty, "tokens", "an empty token is ignored: is a variable not set?");
        }
        else if (empty is not null)
        {
            auth.Error(node, "tokens", "every token is empty: set the variable, or write [] for a server that anyone may call");
        }

        return tokens.ToImmutable();
    }

    private static OAuthConfiguration? ReadOAuth(SectionReader http)
    {
        if (http.Section("oauth") is not { } oauth)
        {
            return null;
        }

        var issuer = oauth.Value<Uri?>("issuer", NetworkRules.TrustedUrl!, null);
        var audience = oauth.Text("audience");
        var keys = oauth.Value<Uri?>("jwks_url", NetworkRules.TrustedUrl!, null);
        if (issuer is not null && audience is not null)
        {
            return new OAuthConfiguration(issuer, audience, keys);
        }

        if (oauth.Text("issuer") is not null || audience is not null || oauth.Text("jwks_url") is not null)
        {
            oauth.ReportMissing("issuer", "issuer and audience go together");
            oauth.ReportMissing("audience", "issuer and audience go together");
        }

        return null;
    }
}
