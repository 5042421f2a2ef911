using Luminarys.Cluster.Deployment;
using Luminarys.Cluster.Loopback;
using Luminarys.Cluster.Messaging;
using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.Registry;
using Luminarys.State;
using Luminarys.Transfers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Luminarys.Cluster;

/// <summary>
/// Registers the nodes of a cluster. Both need an <see cref="ISkillRuntime"/>, an <see cref="IManifestSource"/> and an <see cref="IEventPublisher"/>
/// from elsewhere. Without an <see cref="IBus"/> for the lanes of <see cref="BusLane"/> they talk over a bus inside the process.
/// </summary>
public static class ClusterServiceCollectionExtensions
{
    /// <summary>Adds a <see cref="MasterNode"/>, the <see cref="SkillRegistry"/> that it fills and the <see cref="IInvoker"/> that routes calls.</summary>
    public static IServiceCollection AddMasterNode(this IServiceCollection services, Action<MasterOptions> configure)
    {
        AddCommon(services);
        services.AddOptions<MasterOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MasterOptions>, MasterOptionsValidator>());
        services.TryAddSingleton(provider => new MasterNode(
            provider.GetRequiredService<IOptions<MasterOptions>>().Value,
            Buses(provider),
            Deployment(provider),
            provider.GetRequiredService<SkillRegistry>(),
            provider.GetRequiredService<TimeProvider>(),
            LoggerFactory(provider)));
        services.TryAddSingleton(provider => provider.GetRequiredService<MasterNode>().Invoker);
        services.TryAddSingleton(provider => provider.GetRequiredService<MasterNode>().Watch);
        return services;
    }

    /// <summary>Adds a <see cref="SlaveNode"/> and the <see cref="SkillRegistry"/> that holds its copy of the master's registry.</summary>
    public static IServiceCollection AddSlaveNode(this IServiceCollection services, Action<SlaveOptions> configure)
    {
        AddCommon(services);
        services.AddOptions<SlaveOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SlaveOptions>, SlaveOptionsValidator>());
        services.TryAddSingleton(provider => new SlaveNode(
            provider.GetRequiredService<IOptions<SlaveOptions>>().Value,
            Buses(provider),
            Deployment(provider),
            provider.GetRequiredService<SkillRegistry>(),
            provider.GetRequiredService<TimeProvider>(),
            LoggerFactory(provider)));
        return services;
    }

    /// <summary>Adds a <see cref="TransferClient"/>, for commands of operators. It uses the bus of the lane <see cref="BusLane.Traffic"/>.</summary>
    public static IServiceCollection AddTransferClient(this IServiceCollection services, Action<OperatorOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<OperatorOptions>().Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OperatorOptions>, OperatorOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new TransferClient(
            provider.GetRequiredService<IOptions<OperatorOptions>>().Value,
            provider.GetRequiredKeyedService<IBus>(BusLane.Traffic),
            provider.GetRequiredService<TimeProvider>(),
            LoggerFactory(provider).CreateLogger<TransferClient>()));
        return services;
    }

    private static void AddCommon(IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<SkillRegistry>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IStateStore>(_ => new MemoryStateStore());
        services.TryAddSingleton(provider => new LoopbackHub(LoggerFactory(provider)));
        services.TryAddKeyedSingleton<IBus>(BusLane.Control, (provider, _) => new LoopbackBus(provider.GetRequiredService<LoopbackHub>()));
        services.TryAddKeyedSingleton<IBus>(BusLane.Traffic, (provider, _) => new LoopbackBus(provider.GetRequiredService<LoopbackHub>()));
    }

    private static NodeBuses Buses(IServiceProvider provider) => new(
        provider.GetRequiredKeyedService<IBus>(BusLane.Control), provider.GetRequiredKeyedService<IBus>(BusLane.Traffic));

    private static DeploymentPorts Deployment(IServiceProvider provider) => new(
        provider.GetRequiredService<ISkillRuntime>(),
        provider.GetRequiredService<IManifestSource>(),
        provider.GetRequiredService<IEventPublisher>(),
        provider.GetRequiredService<IStateStore>())
    {
        Signers = provider.GetService<ISignerTrust>(),
        Files = provider.GetService<IFileAccess>(),
        Relay = provider.GetService<IRelay>(),
        RelayKeys = provider.GetService<RelayKeys>(),
    };

    private static ILoggerFactory LoggerFactory(IServiceProvider provider) => provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
}
