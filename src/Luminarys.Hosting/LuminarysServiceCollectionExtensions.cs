using Luminarys.Cluster;
using Luminarys.Files;
using Luminarys.Mcp;
using Luminarys.Nodes;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Luminarys.Hosting;

/// <summary>Puts a node together: cluster role, WASM runtime and, on a master, the MCP edge. The bus is in process until <c>UseNats</c>.</summary>
public static class LuminarysServiceCollectionExtensions
{
    /// <summary>
    /// Adds a master: it owns the registry, runs skills of its own and serves MCP clients once <c>app.MapLuminarys("/mcp")</c> is called.
    /// It starts and stops with the application. Services that the application registered before are kept. Skills are kept from the addresses that the
    /// application gives its HTTP server by URL; one that it gives in code to the server itself belongs into <c>WasmRuntimeOptions.OwnEndpoints</c>.
    /// </summary>
    public static ILuminarysBuilder AddLuminarysMaster(this IServiceCollection services, Action<MasterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        AddNode(services);
        services.AddMasterNode(configure ?? (_ => { }));
        services.AddLuminarysMcp(_ => { });
        OwnPlacesSetup.GuardListener(services);
        services.AddHostedService<MasterHostedService>();
        return new LuminarysBuilder(services, NodeRole.Master);
    }

    /// <summary>Adds a slave: it runs skills for its master and serves no client. It starts and stops with the application.</summary>
    public static ILuminarysBuilder AddLuminarysSlave(this IServiceCollection services, Action<SlaveOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        AddNode(services);
        services.AddSlaveNode(configure ?? (_ => { }));
        services.AddHostedService<SlaveHostedService>();
        return new LuminarysBuilder(services, NodeRole.Slave);
    }

    private static void AddNode(IServiceCollection services)
    {
        services.TryAddSingleton<TimeProvider>(BootTimeProvider.Instance);
        services.TryAddSingleton<IEventPublisher, InProcessEventPublisher>();
        services.TryAddSingleton<IManifestSource, NoManifestSource>();
        services.AddFileAccess(_ => { });
        services.AddWasmRuntime(_ => { });
        services.AddHealthChecks().AddCheck<LuminarysHealthCheck>("luminarys");
    }
}
