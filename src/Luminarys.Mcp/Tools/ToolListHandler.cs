using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Luminarys.Mcp.OAuth;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Luminarys.Mcp.Tools;

/// <summary>Answers <c>tools/list</c> from the catalog. Thread-safe.</summary>
internal sealed class ToolListHandler(ToolCatalog catalog)
{
    // For clients that are not told of changes: how long they may go on with a list. Private, since a proxy must not show it to whoever has no token.
    private static readonly TimeSpan s_timeToLive = TimeSpan.FromSeconds(5);

    private static readonly JsonTypeInfo<ListToolsResult> s_result =
        (JsonTypeInfo<ListToolsResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ListToolsResult));

    private readonly ConditionalWeakTable<ToolSet, JsonDocument?[]> _written = [];

    /// <summary>One page of the list that a client with these scopes sees.</summary>
    /// <exception cref="McpProtocolException">The cursor belongs to another list.</exception>
    public ListToolsResult List(string? cursor, GrantedScopes granted)
    {
        var tools = catalog.Current.VisibleTo(granted);
        return Page(tools, FindPage(tools, cursor));
    }

    /// <summary>The same in JSON, which is made once for each page of each list: clients ask for the same again and again. The object is the caller's own.</summary>
    /// <exception cref="McpProtocolException">The cursor belongs to another list.</exception>
    public JsonObject Written(string? cursor, GrantedScopes granted)
    {
        var tools = catalog.Current.VisibleTo(granted);
        var page = FindPage(tools, cursor);
        var pages = _written.GetValue(tools, static set => new JsonDocument?[set.Pages.Length]);

        // Two readers may write the same page; either is right.
        var written = Volatile.Read(ref pages[page]);
        if (written is null)
        {
            written = JsonSerializer.SerializeToDocument(Page(tools, page), s_result);
            Volatile.Write(ref pages[page], written);
        }

        return JsonObject.Create(written.RootElement)!;
    }

    private static ListToolsResult Page(ToolSet tools, int page) => new()
    {
        Tools = tools.Pages[page],
        NextCursor = tools.CursorAfter(page),
        TimeToLive = s_timeToLive,
        CacheScope = CacheScope.Private,
    };

    private static int FindPage(ToolSet tools, string? cursor) => tools.FindPage(cursor)
        ?? throw new McpProtocolException("The tool list has changed; list it again from the start.", McpErrorCode.InvalidParams);
}
