using Luminarys.Mcp.Arguments;
using Luminarys.Mcp.Files;
using Luminarys.Mcp.Http;
using Luminarys.Mcp.OAuth;
using Luminarys.Mcp.Results;
using Luminarys.Mcp.Stdio;
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
                options => !options.Strict || !options.ListensBeyondLoopback || options.Tokens?.Count > 0 || options.OAuth is not null,
                "Strict: a server that listens beyond loopback needs a token.")
            .Validate(
                options => new[] { options.OAuth?.Issuer, options.OAuth?.KeySetUrl }.All(url => url is null || McpOAuthOptions.IsTrusted(url)),
                "The URLs of an issuer begin with https://, or are on this machine.");

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(EdgeDefences.All);
        services.TryAddSingleton<FailedTokens>();
        services.TryAddSingleton<KeySetSource>();
        services.TryAddSingleton<KeySet>();
        services.TryAddSingleton<AccessTokenCheck>();
        services.TryAddSingleton<ProtectedResource>();
        services.TryAddSingleton<ScopeGate>();
        services.TryAddSingleton<TokenGate>();
        services.TryAddSingleton<RequestGate>();
        services.TryAddSingleton(FileLimits.Default);
        services.TryAddSingleton(FileDefences.All);
        services.TryAddSingleton<FileStore>();
        services.TryAddSingleton<FileEndpoints>();
        services.TryAddSingleton<FileReader>();
        services.TryAddSingleton<ResultLinks>();
        services.TryAddSingleton<ToolArguments>();
        services.TryAddSingleton<ToolPins>();
        services.TryAddSingleton<ToolCatalog>();
        services.TryAddSingleton<ToolListSignal>();
        services.TryAddSingleton<ToolListHandler>();
        services.TryAddSingleton<CallLimits>();
        services.TryAddSingleton<ProgressReports>();
        services.TryAddSingleton<ToolCallHandler>();
        services.TryAddSingleton<ToolResultMapper>();
        services.TryAddSingleton<DirectCalls>();
        services.TryAddSingleton<DirectSessions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<McpServerOptions>, McpServerSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<McpServerOptions>, DirectSessions>(provider => provider.GetRequiredService<DirectSessions>()));
        services.AddMcpServer().WithHttpTransport(transport => transport.SessionMode = HttpServerSessionMode.StatefulForInitializeClients);
        services.AddOptions<HttpServerTransportOptions>().Configure<IOptions<McpEdgeOptions>>(SetLegacySse);
        return services;
    }

    /// <summary>
    /// Serves one client over standard input and output, beside what the edge serves otherwise. The application stops when the client closes the input. Nothing
    /// else in the process may write to standard output.
    /// </summary>
    /// <param name="services">Where to add it, after <see cref="AddLuminarysMcp"/>.</param>
    public static IServiceCollection AddLuminarysStdio(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddHostedService<StdioSession>();
        return services;
    }

#pragma warning disable MCP9003, MCP9004 // Marked as a transport of the past, which it is: it is off unless the operator asks for it.
    private static void SetLegacySse(HttpServerTransportOptions transport, IOptions<McpEdgeOptions> edge) => transport.EnableLegacySse = edge.Value.LegacySse;
#pragma warning restore MCP9003, MCP9004
}
