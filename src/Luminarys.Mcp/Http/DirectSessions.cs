using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Luminarys.Mcp.Http;

/// <summary>
/// The sessions in which the SDK had a call a moment ago. In those the next calls are answered beside it; then it gets one again, so that it, which alone knows its sessions,
/// says that this one is there, whose it is, and keeps it. Thread-safe.
/// </summary>
internal sealed class DirectSessions(TimeProvider time) : IConfigureOptions<McpServerOptions>
{
    /// <summary>For how long the SDK's word counts.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, DirectSession> _sessions = new(StringComparer.Ordinal);
    private long _swept = time.GetTimestamp();

    /// <inheritdoc/>
    public void Configure(McpServerOptions options) => options.Filters.Message.IncomingFilters.Add(Follow);

    /// <summary>The session, if the SDK had a call in it a moment ago from this user in this protocol; null otherwise.</summary>
    public DirectSession? Find(string id, ClaimsPrincipal user, string protocol) =>
        _sessions.TryGetValue(id, out var session) && time.GetElapsedTime(session.Seen) < Moment && session.Protocol == protocol && session.Owner == OwnerOf(user) ? session : null;

    /// <summary>The session is over; so are its calls.</summary>
    public void End(string id)
    {
        if (_sessions.TryRemove(id, out var session))
        {
            session.CancelAll();
        }
    }

    private McpMessageHandler Follow(McpMessageHandler next) => (context, cancellationToken) =>
    {
        // Sessions of the transport of 2024-11-05 are not those of this one.
        if (context.Server.SessionId is { } id && Disconnection.Current.CanBeCanceled)
        {
            if (context.JsonRpcMessage is JsonRpcRequest { Method: RequestMethods.ToolsCall })
            {
                See(id, context.Server.NegotiatedProtocolVersion, context.User);
            }
            else if (context.JsonRpcMessage is JsonRpcNotification { Method: NotificationMethods.CancelledNotification, Params: { } parameters } && _sessions.TryGetValue(id, out var session))
            {
                session.Cancel(parameters.Deserialize<CancelledNotificationParams>(McpJsonUtilities.DefaultOptions)!.RequestId);
            }
        }

        return next(context, cancellationToken);
    };

    private void See(string id, string? protocol, ClaimsPrincipal? user)
    {
        var now = time.GetTimestamp();
        if (protocol is not null && OwnerOf(user) is { } owner)
        {
            _sessions.GetOrAdd(id, _ => new(protocol, owner)).Seen = now;
        }

        var swept = Interlocked.Read(ref _swept);
        if (time.GetElapsedTime(swept, now) >= Moment && Interlocked.CompareExchange(ref _swept, now, swept) == swept)
        {
            foreach (var (old, session) in _sessions)
            {
                if (session.IsIdle && time.GetElapsedTime(session.Seen, now) >= 2 * Moment)
                {
                    _sessions.TryRemove(old, out _);
                }
            }
        }
    }

    /// <summary>Who it is, empty for anybody; null for somebody without a name, whom the SDK knows otherwise.</summary>
    private static (string Name, string Issuer)? OwnerOf(ClaimsPrincipal? user)
    {
        if (user?.Identity?.IsAuthenticated != true)
        {
            return ("", "");
        }

        return user.FindFirst(ClaimTypes.NameIdentifier) is { } name ? (name.Value, name.Issuer) : null;
    }
}
