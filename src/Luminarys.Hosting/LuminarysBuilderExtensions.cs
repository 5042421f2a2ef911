using Luminarys.Cluster.Loopback;
using Luminarys.Events;
using Luminarys.Manifests;
using Luminarys.Mcp;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm;
using Luminarys.Storage.Sqlite;
using Luminarys.Transport.Nats;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Luminarys.Hosting;

/// <summary>What can differ from the defaults of a node.</summary>
public static class LuminarysBuilderExtensions
{
    /// <summary>Connects the node to a NATS server. Skills reach the server only when a manifest names exactly its host and port.</summary>
    public static ILuminarysBuilder UseNats(this ILuminarysBuilder builder, Action<NatsTransportOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        RemoveBuses(builder.Services);
        builder.Services.AddNatsBus(configure);
        OwnPlacesSetup.GuardBus(builder.Services);
        return builder;
    }

    /// <summary>Connects the node to a bus inside this process; nodes that share the hub form a cluster.</summary>
    public static ILuminarysBuilder UseLoopback(this ILuminarysBuilder builder, LoopbackHub hub)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(hub);
        RemoveBuses(builder.Services);
        foreach (var lane in Enum.GetValues<BusLane>())
        {
            builder.Services.AddKeyedSingleton<IBus>(lane, (_, _) => new LoopbackBus(hub));
        }

        builder.Services.Replace(ServiceDescriptor.Singleton(hub.Relay));

        return builder;
    }

    /// <summary>Sets limits of the WASM runtime.</summary>
    public static ILuminarysBuilder UseWasm(this ILuminarysBuilder builder, Action<WasmRuntimeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(configure);
        return builder;
    }

    /// <summary>Keeps states, shared values and schedules of skills in a database file, instead of in memory.</summary>
    public static ILuminarysBuilder UseSqlite(this ILuminarysBuilder builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSqliteStateStore(options => options.Path = path);
        OwnPlacesSetup.GuardDatabase(builder.Services, builder.Role);
        return builder;
    }

    /// <summary>
    /// Names the folder of the keys whose packages the node trusts. Without one it knows no key. Skills are kept
    /// from it. Which packages load is an option of the runtime, see <see cref="WasmRuntimeOptions.OnlyTrustedPackages"/>.
    /// </summary>
    public static ILuminarysBuilder UseTrustFolder(this ILuminarysBuilder builder, string directory)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var place = Path.GetFullPath(directory);
        builder.Services.Replace(ServiceDescriptor.Singleton<ITrustSource>(new TrustFolderReader(place)));
        builder.Services.AddOptions<WasmRuntimeOptions>().PostConfigure(options => options.OwnPaths.Add(place));
        return builder;
    }

    /// <summary>Lends skills a language model; without one they are told that none is configured. The last one given counts.</summary>
    public static ILuminarysBuilder UseLanguageModel(this ILuminarysBuilder builder, ILanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(model);
        builder.Services.Replace(ServiceDescriptor.Singleton(model));
        return builder;
    }

    /// <summary>Sets how the MCP edge behaves. It has an effect on a master only.</summary>
    public static ILuminarysBuilder UseMcp(this ILuminarysBuilder builder, Action<McpEdgeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(configure);
        return builder;
    }

    /// <summary>
    /// Deploys the skills of these manifest files. Relative paths start from the process's working directory; variables in the files come
    /// from the process's environment.
    /// </summary>
    public static ILuminarysBuilder AddManifests(this ILuminarysBuilder builder, params string[] files)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var reader = new ManifestReader(Directory.GetCurrentDirectory(), ProcessEnvironment.Read());
        builder.Services.Replace(ServiceDescriptor.Singleton<IManifestSource>(new FileManifestSource(files, reader)));
        return builder;
    }

    /// <summary>Calls the handler for each event of the type. Handlers run one after another, off the path of calls.</summary>
    public static ILuminarysBuilder OnEvent<TEvent>(this ILuminarysBuilder builder, Func<TEvent, CancellationToken, ValueTask> handler)
        where TEvent : IDomainEvent
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(handler);
        builder.Services.AddSingleton(new EventSubscription(
            (domainEvent, cancellation) => domainEvent is TEvent match ? handler(match, cancellation) : ValueTask.CompletedTask));
        return builder;
    }

    private static void RemoveBuses(IServiceCollection services)
    {
        foreach (var lane in Enum.GetValues<BusLane>())
        {
            services.RemoveAllKeyed<IBus>(lane);
        }
    }
}
