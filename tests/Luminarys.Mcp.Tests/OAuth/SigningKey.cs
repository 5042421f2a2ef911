using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Luminarys.Mcp.OAuth;

/// <summary>A key of an authorization server, and how to sign with it: by hand, without the library that the edge checks with.</summary>
internal sealed class SigningKey(string id, string algorithm, JsonObject published, Func<byte[], byte[]> sign)
{
    public string Id { get; } = id;

    public string Algorithm { get; } = algorithm;

    /// <summary>The key as a JWKS shows it.</summary>
    public JsonObject Published { get; } = published;

    /// <summary>What whoever reads the JWKS could take for a secret.</summary>
    public byte[] PublicBytes { get; private init; } = [];

    public static SigningKey Rsa(string id, string algorithm = "RS256", int bits = 2048)
    {
        var key = RSA.Create(bits);
        var shown = key.ExportParameters(includePrivateParameters: false);
        var padding = algorithm.StartsWith("PS", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        return new(
            id,
            algorithm,
            new() { ["kty"] = "RSA", ["kid"] = id, ["use"] = "sig", ["n"] = Base64Url.EncodeToString(shown.Modulus), ["e"] = Base64Url.EncodeToString(shown.Exponent) },
            data => key.SignData(data, HashOf(algorithm), padding))
        {
            PublicBytes = Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()),
        };
    }

    public static SigningKey Ec(string id, string algorithm = "ES256")
    {
        var (curve, name) = algorithm == "ES256" ? (ECCurve.NamedCurves.nistP256, "P-256") : (ECCurve.NamedCurves.nistP384, "P-384");
        var key = ECDsa.Create(curve);
        var shown = key.ExportParameters(includePrivateParameters: false);
        return new(
            id,
            algorithm,
            new() { ["kty"] = "EC", ["kid"] = id, ["crv"] = name, ["x"] = Base64Url.EncodeToString(shown.Q.X), ["y"] = Base64Url.EncodeToString(shown.Q.Y) },
            data => key.SignData(data, HashOf(algorithm)));
    }

    public static SigningKey Secret(string id, byte[] secret) => new(
        id, "HS256", new() { ["kty"] = "oct", ["kid"] = id, ["k"] = Base64Url.EncodeToString(secret) }, data => HMACSHA256.HashData(secret, data));

    public static SigningKey None(string id) => new(id, "none", [], _ => []);

    /// <summary>The same key under another id, or said to sign in another way.</summary>
    public SigningKey As(string? id = null, string? algorithm = null) => new(id ?? Id, algorithm ?? Algorithm, Published, sign) { PublicBytes = PublicBytes };

    /// <summary>Signs claims, with further header fields that win over the usual ones; a null takes one out.</summary>
    public string Sign(JsonObject claims, JsonObject? header = null)
    {
        var head = new JsonObject { ["alg"] = Algorithm, ["typ"] = "at+jwt", ["kid"] = Id };
        foreach (var (name, value) in header ?? [])
        {
            head[name] = value?.DeepClone();
        }

        foreach (var name in head.Where(field => field.Value is null).Select(field => field.Key).ToList())
        {
            head.Remove(name);
        }

        var text = $"{Encode(head)}.{Encode(claims)}";
        return $"{text}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));

    private static HashAlgorithmName HashOf(string algorithm) =>
        algorithm.EndsWith("384", StringComparison.Ordinal) ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
}
