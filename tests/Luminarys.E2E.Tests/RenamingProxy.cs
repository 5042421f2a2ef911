using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Luminarys.E2E;

/// <summary>
/// Passes HTTP on and replaces words in the bodies of requests: the conformance suite has tool names of its own, which no skill can have. Everything else, Host
/// and Origin included, goes through as it came.
/// </summary>
internal sealed class RenamingProxy : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly HttpClient _server;
    private readonly (string From, string To)[] _names;

    private RenamingProxy(Uri server, (string From, string To)[] names)
    {
        _server = new HttpClient { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        _names = names;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.Run(PassAsync);
    }

    public Uri Endpoint => new(new Uri(_application.Urls.Single()), "/mcp");

    public static async Task<RenamingProxy> StartAsync(Uri server, params (string From, string To)[] names)
    {
        var proxy = new RenamingProxy(server, names);
        await proxy._application.StartAsync(TestContext.Current.CancellationToken);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _server.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), context.Request.Path + context.Request.QueryString.ToString());
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        foreach (var (from, to) in _names)
        {
            body = body.Replace($"\"{from}\"", $"\"{to}\"", StringComparison.Ordinal);
        }

        request.Content = body.Length > 0 ? new StringContent(body) : null;
        foreach (var (name, values) in context.Request.Headers.Where(header => !header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)))
        {
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && request.Content is { } content)
            {
                content.Headers.Remove(name);
                content.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        using var response = await _server.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(header => header.Key is not ("Transfer-Encoding" or "Content-Length")))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await using var answer = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        var buffer = new byte[16 * 1024];
        for (int read; (read = await answer.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
