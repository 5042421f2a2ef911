using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Luminarys.Mcp.Http;

/// <summary>Asks that a request's body is there within a time: the server ends the connection of one that drips.</summary>
internal static class BodyPace
{
    /// <summary>How long a body may take.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Sets the pace of this request. Servers other than Kestrel have limits of their own.</summary>
    /// <param name="context">The request.</param>
    /// <param name="maxBytes">The largest body, for one that does not say its length.</param>
    public static void Set(HttpContext context, long maxBytes)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } feature && context.Request.ContentLength is not 0)
        {
            // Looked at after the time is over: whatever is not complete then is slower than this.
            feature.MinDataRate = new MinDataRate((context.Request.ContentLength ?? maxBytes) / Limit.TotalSeconds, Limit);
        }
    }
}
