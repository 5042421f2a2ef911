namespace MasterAndSlaves;

/// <summary>How to connect the usual clients.</summary>
internal static class ConnectHint
{
    public static void Print(Uri endpoint, string token) => Console.WriteLine($$"""

        Connect a client:
          MCP Inspector    npx @modelcontextprotocol/inspector --cli {{endpoint}} --transport http --header "Authorization: Bearer {{token}}" --method tools/list
          Claude Desktop   { "mcpServers": { "luminarys": { "command": "npx", "args": ["mcp-remote", "{{endpoint}}", "--header", "Authorization: Bearer {{token}}"] } } }
          curl             curl -s {{endpoint}} -H 'authorization: Bearer {{token}}' -H 'content-type: application/json' -H 'accept: application/json, text/event-stream' \
                             -d '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"curl","version":"0"} } }'

        """);
}
