using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;

namespace Compare;

/// <summary>The floor: the C# SDK's server with a tool that answers a constant, and nothing else.</summary>
internal static class BareServer
{
    public const string Verb = "bare";

    public static async Task<int> RunAsync(string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddMcpServer()
            .WithHttpTransport(transport => transport.SessionMode = HttpServerSessionMode.StatefulForInitializeClients)
            .WithTools([McpServerTool.Create((string message) => message.Length > 0 ? "hello" : "", new() { Name = "echo" })]);
        var app = builder.Build();
        app.MapMcp("/mcp");
        await app.RunAsync(address);
        return 0;
    }
}
