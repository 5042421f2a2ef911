using System.Text.Json;
using Luminarys.Mcp.Files;
using Luminarys.Mcp.Http;
using Luminarys.Mcp.OAuth;
using Luminarys.Mcp.Tools;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.AspNetCore;
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
        options.Filters.Message.IncomingFilters.Add(AnswerLists(options));
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

    /// <summary>
    /// Answers with lists as they were written once, unless the application has tools of its own or judges what is listed: then the SDK puts them together.
    /// </summary>
    private McpMessageFilter AnswerLists(McpServerOptions options)
    {
        // The SDK's own filters judge tools that the application has, of which there are none.
        var isJudged = new Lazy<bool>(() => options.Filters.Request.ListToolsFilters.Any(filter => filter.Method.Module.Assembly != typeof(HttpServerTransportOptions).Assembly));
        return next => (context, cancellationToken) =>
            context.JsonRpcMessage is JsonRpcRequest { Method: RequestMethods.ToolsList } request && signal.IsEmpty && !isJudged.Value
                ? AnswerListAsync(context.Server, request, cancellationToken)
                : next(context, cancellationToken);
    }

    private Task AnswerListAsync(McpServer server, JsonRpcRequest request, CancellationToken cancellationToken)
    {
        var cursor = request.Params.Deserialize<ListToolsRequestParams>(McpJsonUtilities.DefaultOptions)?.Cursor;
        var client = ToolClient.Of(server.SessionId, request.Context?.User, server.NegotiatedProtocolVersion);
        var result = list.Written(cursor, client.Scopes);
        if (client.WantsResultType)
        {
            result["resultType"] = "complete";
        }

        return server.SendMessageAsync(new JsonRpcResponse { Id = request.Id, Result = result }, cancellationToken);
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
