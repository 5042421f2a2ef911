using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Luminarys.E2E;

/// <summary>A container registry on the loopback interface that holds one image: an empty base.</summary>
internal sealed class StubRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";
    private static readonly byte[] s_configuration = Encoding.UTF8.GetBytes(
        """{"architecture":"amd64","os":"linux","config":{"Env":["PATH=/usr/bin"]},"rootfs":{"type":"layers","diff_ids":[]},"history":[]}""");

    private static readonly byte[] s_manifest = Encoding.UTF8.GetBytes(
        $$"""
        {"schemaVersion":2,"mediaType":"{{ManifestType}}","layers":[],"config":{"mediaType":"application/vnd.docker.container.image.v1+json",
        "size":{{s_configuration.Length}},"digest":"{{DigestOf(s_configuration)}}"} }
        """);

    private readonly WebApplication _application;

    private StubRegistry(WebApplication application, int port) => (_application, Address) = (application, $"127.0.0.1:{port}");

    /// <summary>Host and port.</summary>
    public string Address { get; }

    public static async Task<StubRegistry> StartAsync()
    {
        var port = TestCluster.FreePort();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var application = builder.Build();
        application.Urls.Add($"http://127.0.0.1:{port}");
        application.MapMethods("/{**path}", ["GET", "HEAD"], AnswerAsync);
        await application.StartAsync();
        return new(application, port);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        var (body, type) = path.Contains("/manifests/", StringComparison.Ordinal) ? (s_manifest, ManifestType)
            : path.Contains("/blobs/", StringComparison.Ordinal) ? (s_configuration, "application/octet-stream")
            : ("{}"u8.ToArray(), "application/json");
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        context.Response.Headers["Docker-Content-Digest"] = DigestOf(body);
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body);
        }
    }

    private static string DigestOf(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
}
