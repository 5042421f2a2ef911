using Luminarys.Mcp.Http;
using Luminarys.Mcp.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;

namespace Luminarys.Mcp;

/// <summary>Adds the MCP edge to a container.</summary>
public static class McpServiceCollectionExtensions
{
    /// <summary>
    /// Adds the MCP edge. The container must also hold a <c>SkillRegistry</c> and an <c>IInvoker</c>; a <see cref="TimeProvider"/> is
    /// added when there is none. Map it with <see cref="LuminarysEndpointRouteBuilderExtensions.MapLuminarys"/>.
    /// </summary>
    /// <param name="services">Where to add it.</param>
    /// <param name="configure">Sets the options; problems are reported when the host starts.</param>
    public static IServiceCollection AddLuminarysMcp(this IServiceCollection services, Action<McpEdgeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);

        services.AddOptionsWithValidateOnStart<McpEdgeOptions, McpEdgeOptionsValidator>()
            .Configure(configure)
            .Validate(
                options => options.Tokens?.Any(string.IsNullOrWhiteSpace) != true,
                "An empty token would let in clients without one.")
            .Validate(
                options => !options.Strict || !options.ListensBeyondLoopback || options.Tokens?.Count > 0,
                "Strict: a server that listens beyond loopback needs a token.");

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(EdgeDefences.All);
        services.TryAddSingleton<FailedTokens>();
        services.TryAddSingleton<TokenGate>();
        services.TryAddSingleton<RequestGate>();
        services.TryAddSingleton<ToolPins>();
        services.TryAddSingleton<ToolCatalog>();
        services.TryAddSingleton<ToolListSignal>();
        services.TryAddSingleton<ToolListHandler>();
        services.TryAddSingleton<CallLimits>();
        services.TryAddSingleton<ToolCallHandler>();
        services.TryAddSingleton<ToolResultMapper>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<McpServerOptions>, McpServerSetup>());
        services.AddMcpServer().WithHttpTransport(transport => transport.SessionMode = HttpServerSessionMode.StatefulForInitializeClients);
#pragma warning disable MCP9004 // The operator asks for it. What the transport itself does not limit, CallLimits does.
        services.AddOptions<HttpServerTransportOptions>().Configure<IOptions<McpEdgeOptions>>(
            (transport, edge) => transport.EnableLegacySse = edge.Value.LegacySse);
#pragma warning restore MCP9004
        return services;
    }

    /// <summary>
    /// Serves one client over standard input and output in place of HTTP, after <see cref="AddLuminarysMcp"/>. The host stops when the client closes
    /// its end. Nothing else may write to standard output.
    /// </summary>
    /// <param name="services">Where to add it.</param>
    public static IServiceCollection AddLuminarysMcpStdio(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);

        services.AddMcpServer().WithStdioServerTransport();
        return services;
    }
}
