using Luminarys.Invocations;
using Luminarys.Mcp.Tools;
using Luminarys.Ports;
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
    IOptions<McpEdgeOptions> edge,
    ITransferWatch? transfers = null) : IConfigureOptions<McpServerOptions>
{
    public void Configure(McpServerOptions options)
    {
        options.ServerInfo = new() { Name = edge.Value.ServerName, Version = edge.Value.ServerVersion };
        options.Capabilities ??= new();
        options.Capabilities.Tools = new() { ListChanged = true };
        options.Handlers.ListToolsHandler = (request, _) => ValueTask.FromResult(List(request.Params?.Cursor));
        options.Handlers.CallToolHandler = (request, cancellationToken) => call.CallAsync(
            request.Params ?? throw new McpProtocolException("The call names no tool.", McpErrorCode.InvalidParams),
            ToolClient.Of(request.Server.SessionId, request.User, request.Server.NegotiatedProtocolVersion) with { Follow = FollowFor(request.Server, request.Params) },
            cancellationToken);

        // Tools that the embedding application has of its own stay.
        foreach (var tool in options.ToolCollection ?? [])
        {
            signal.TryAdd(tool);
        }

        options.ToolCollection = signal;
    }

    private Func<CallId, IDisposable>? FollowFor(McpServer server, CallToolRequestParams call)
    {
        if (transfers is null || call.ProgressToken is not { } token)
        {
            return null;
        }

        var notes = new TransferNotes(note => server.NotifyProgressAsync(token, note));
        return id => transfers.Follow(id, notes.Take);
    }

    /// <summary>The SDK adds an application's own tools to the list that it gets: then it gets a copy.</summary>
    private ListToolsResult List(string? cursor)
    {
        var result = list.List(cursor);
        if (!signal.IsEmpty)
        {
            result.Tools = [.. result.Tools];
        }

        return result;
    }
}
