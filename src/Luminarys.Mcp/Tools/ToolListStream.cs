using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Luminarys.Mcp.Tools;

/// <summary>
/// Answers <c>subscriptions/listen</c> of protocol 2026-07-28: a stream on which the client hears that the list of tools has changed. The SDK grants nothing
/// there without a session.
/// </summary>
internal static class ToolListStream
{
    /// <summary>Says what is granted, and each change, until the client closes the stream or the host stops. What changes faster than it reads is told once.</summary>
    /// <param name="signal">Raised when the list has changed.</param>
    /// <param name="request">The client's request.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="McpProtocolException">The client has as many streams as it may have.</exception>
    public static async ValueTask<EmptyResult> RunAsync(ToolListSignal signal, RequestContext<SubscriptionsListenRequestParams> request, CancellationToken cancellationToken)
    {
        using var place = signal.EnterStream(ToolClient.Of(request.Server.SessionId, request.User, request.Server.NegotiatedProtocolVersion).Principal);
        if (!place.IsAcquired)
        {
            throw new McpProtocolException($"The client has {ToolListSignal.MaxStreams} streams already; close one.", McpErrorCode.InvalidRequest);
        }

        // A host waits for its requests when it stops, and this one would never end.
        var stopping = request.Services?.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var isWanted = request.Params?.Notifications?.ToolsListChanged == true;
        if (isWanted)
        {
            signal.Changed += OnChanged;
        }

        try
        {
            var granted = isWanted ? new JsonObject { ["toolsListChanged"] = true } : [];
            await SendAsync(request, NotificationMethods.SubscriptionsAcknowledgedNotification, new() { ["notifications"] = granted }, ending.Token).ConfigureAwait(false);
            await foreach (var _ in changes.Reader.ReadAllAsync(ending.Token).ConfigureAwait(false))
            {
                await SendAsync(request, NotificationMethods.ToolListChangedNotification, [], ending.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The host stops: the answer below tells the client that the stream did not break.
        }
        finally
        {
            signal.Changed -= OnChanged;
        }

        return new() { Meta = MetaOf(request) };

        void OnChanged(object? sender, EventArgs change) => changes.Writer.TryWrite(true);
    }

    private static Task SendAsync(RequestContext<SubscriptionsListenRequestParams> request, string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        parameters["_meta"] = MetaOf(request);
        return request.Server.SendMessageAsync(new JsonRpcNotification { Method = method, Params = parameters }, cancellationToken);
    }

    // Which of the client's streams it is: several may share a connection.
    private static JsonObject MetaOf(RequestContext<SubscriptionsListenRequestParams> request) =>
        new() { [MetaKeys.SubscriptionId] = JsonSerializer.SerializeToNode(request.JsonRpcRequest.Id, McpJsonUtilities.DefaultOptions) };
}
