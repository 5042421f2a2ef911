using Luminarys.Registry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Luminarys.Cluster;

/// <summary>Registers the nodes of a cluster.</summary>
public static class ClusterServiceCollectionExtensions
{
    /// <summary>Adds a <see cref="MasterNode"/>.</summary>
    public static IServiceCollection AddMasterNode(this IServiceCollection services, Action<MasterOptions> configure)
    {
        services.Configure(configure);
        services.TryAddSingleton<SkillRegistry>();
        services.TryAddSingleton(TimeProvider.System);
        return services;
    }

    /// <summary>Adds a <see cref="SlaveNode"/>.</summary>
    public static IServiceCollection AddSlaveNode(this IServiceCollection services, Action<SlaveOptions> configure)
    {
        services.Configure(configure);
        services.TryAddSingleton<SkillRegistry>();
        services.TryAddSingleton(TimeProvider.System);
        return services;
    }
}
