using Microsoft.AspNetCore.Http;

namespace Luminarys.Mcp.Http;

/// <summary>
/// Tells that the client which waits for the answer of a request has gone. Without sessions the SDK looks at that itself; with sessions it waits for a notification, which
/// some clients do not send, for an answer that nobody can get any more: no stream of this server is taken up again.
/// </summary>
internal static class Disconnection
{
    private static readonly AsyncLocal<CancellationToken> s_current = new();

    /// <summary>Cancelled when the client of the current request has gone; never, outside of one.</summary>
    public static CancellationToken Current => s_current.Value;

    /// <summary>Follows a request, in the caller's asynchronous flow. Its answer must be on its own stream.</summary>
    public static void Follow(HttpContext context) => s_current.Value = context.RequestAborted;
}
