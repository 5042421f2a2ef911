using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Luminarys.Mcp.Http;

/// <summary>Tells whoever asks, without a token, that the process lives and whether it takes calls: one word each, nothing about why.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health", AnswerLiveAsync).WithOrder(1);
        endpoints.MapGet("/health/live", AnswerLiveAsync).WithOrder(1);
        endpoints.MapGet("/health/ready", AnswerReadyAsync).WithOrder(1);
    }

    private static Task AnswerLiveAsync(HttpContext context) => AnswerAsync(context, "ok");

    private static async Task AnswerReadyAsync(HttpContext context)
    {
        if (await IsReadyAsync(context).ConfigureAwait(false))
        {
            await AnswerAsync(context, "ready").ConfigureAwait(false);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        await AnswerAsync(context, "unavailable").ConfigureAwait(false);
    }

    private static async Task<bool> IsReadyAsync(HttpContext context)
    {
        var lifetime = context.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        if (!lifetime.ApplicationStarted.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }

        return context.RequestServices.GetService<HealthCheckService>() is not { } checks
            || (await checks.CheckHealthAsync(context.RequestAborted).ConfigureAwait(false)).Status != HealthStatus.Unhealthy;
    }

    private static Task AnswerAsync(HttpContext context, string status)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync($$"""{"status":"{{status}}"}""", context.RequestAborted);
    }
}
