using Luminarys.Mcp.OAuth;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Luminarys.Mcp.Tools;

/// <summary>Answers <c>tools/list</c> from the catalog.</summary>
internal sealed class ToolListHandler(ToolCatalog catalog)
{
    // For clients that are not told of changes: how long they may go on with a list. Private, since a proxy must not show it to whoever has no token.
    private static readonly TimeSpan s_timeToLive = TimeSpan.FromSeconds(5);

    /// <summary>One page of the list that a client with these scopes sees.</summary>
    /// <exception cref="McpProtocolException">The cursor belongs to another list.</exception>
    public ListToolsResult List(string? cursor, GrantedScopes granted)
    {
        var tools = catalog.Current.VisibleTo(granted);
        var page = tools.FindPage(cursor)
            ?? throw new McpProtocolException("The tool list has changed; list it again from the start.", McpErrorCode.InvalidParams);
        return new()
        {
            Tools = tools.Pages[page],
            NextCursor = tools.CursorAfter(page),
            TimeToLive = s_timeToLive,
            CacheScope = CacheScope.Private,
        };
    }
}
