using Luminarys.Mcp.Files;
using Luminarys.Mcp.Http;
using Luminarys.Mcp.OAuth;
using Luminarys.Mcp.Tools;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Luminarys.Mcp;

/// <summary>Connects our handlers to the SDK's server, whatever its transport.</summary>
internal sealed class McpServerSetup(
    ToolListHandler list,
    ToolCallHandler call,
    ToolListSignal signal,
    FileReader files,
    IOptions<McpEdgeOptions> edge,
    ProgressReports reports) : IConfigureOptions<McpServerOptions>
{
    public void Configure(McpServerOptions options)
    {
        options.ServerInfo = new() { Name = edge.Value.ServerName, Version = edge.Value.ServerVersion };
        options.Capabilities ??= new();
        options.Capabilities.Tools = new() { ListChanged = true };
        options.Handlers.ListToolsHandler = (request, _) => ValueTask.FromResult(List(request.Params?.Cursor, GrantedScopes.Of(request.User)));
        options.Handlers.CallToolHandler = CallAsync;
        options.Handlers.SubscriptionsListenHandler ??= (request, cancellationToken) => ToolListStream.RunAsync(signal, request, cancellationToken);
        options.Filters.Message.IncomingFilters.Add(RefuseUnreadable);
        AddFiles(options);

        // Tools that the embedding application has of its own stay.
        foreach (var tool in options.ToolCollection ?? [])
        {
            signal.TryAdd(tool);
        }

        options.ToolCollection = signal;
    }

    /// <summary>The SDK calls parameters of the wrong type an error of the server.</summary>
    private static McpMessageHandler RefuseUnreadable(McpMessageHandler next) => async (context, cancellationToken) =>
    {
        try
        {
            await next(context, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (context.JsonRpcMessage is JsonRpcRequest && BodyFault.IsOfReader(exception))
        {
            throw new McpProtocolException("The parameters cannot be read: one of them has the wrong type.", exception, McpErrorCode.InvalidParams);
        }
    };

    // An application with resources of its own keeps them: then files are read over HTTP only.
    private void AddFiles(McpServerOptions options)
    {
        if (options.ResourceCollection is { IsEmpty: false } || options.Handlers.ReadResourceHandler is not null)
        {
            return;
        }

        options.Capabilities!.Resources ??= new();
        options.Handlers.ListResourcesHandler ??= (_, _) => ValueTask.FromResult(new ListResourcesResult());
        options.Handlers.ListResourceTemplatesHandler ??= (_, _) => ValueTask.FromResult(new ListResourceTemplatesResult());
        options.Handlers.ReadResourceHandler = (request, cancellationToken) =>
            files.ReadAsync(request.Params?.Uri ?? "", FileOwner.Of(request.User, request.Server.SessionId), cancellationToken);
    }

    private async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        using var left = request.Server.SessionId is not null && Disconnection.Current.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Disconnection.Current)
            : null;
        var ended = left?.Token ?? cancellationToken;
        var parameters = request.Params ?? throw new McpProtocolException("The call names no tool.", McpErrorCode.InvalidParams);
        var client = ToolClient.Of(request.Server.SessionId, request.User, request.Server.NegotiatedProtocolVersion);
        if (parameters.ProgressToken is not { } token)
        {
            return await call.CallAsync(parameters, client, ended).ConfigureAwait(false);
        }

        // The last report goes out before the result: none may follow it.
        var progress = reports.Begin(value => request.Server.NotifyProgressAsync(token, value, cancellationToken: ended));
        await using (progress.ConfigureAwait(false))
        {
            return await call.CallAsync(parameters, client with { Progress = progress }, ended).ConfigureAwait(false);
        }
    }

    /// <summary>The SDK adds an application's own tools to the list that it gets: then it gets a copy.</summary>
    private ListToolsResult List(string? cursor, GrantedScopes granted)
    {
        var result = list.List(cursor, granted);
        if (!signal.IsEmpty)
        {
            result.Tools = [.. result.Tools];
        }

        return result;
    }
}
