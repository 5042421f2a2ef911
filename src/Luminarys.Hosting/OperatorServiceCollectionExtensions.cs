using Luminarys.Cluster;
using Luminarys.Manifests.Configuration;
using Luminarys.Transport.Nats;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Luminarys.Hosting;

/// <summary>Puts a client together that does what operators ask.</summary>
public static class OperatorServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="TransferClient"/> for the cluster of a configuration. Its name is the bus user's or else the configured node id when that is one of an operator,
    /// <c>op-…</c>; else it is random, which a bus that holds everybody to a name does not take.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no <c>cluster</c> section, or user and key in it are those of a node.</exception>
    public static IServiceCollection AddLuminarysOperator(this IServiceCollection services, HostConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        var cluster = configuration.Cluster ?? throw new InvalidOperationException("cluster: there is no such section, enabled; it says how to reach the bus.");
        string?[] names = [cluster.Auth.User, cluster.NodeId.Value];
        var name = names.FirstOrDefault(name => name?.StartsWith(OperatorOptions.Prefix, StringComparison.Ordinal) == true);
        name ??= cluster.IsSigned
            ? throw new InvalidOperationException(
                $"cluster.node_id: '{cluster.NodeId}' and its key are those of a node; an operator has a name of its own, '{OperatorOptions.Prefix}…', and a key that the master lists under trusted_nodes.")
            : cluster.Auth.User == cluster.NodeId.Value
            ? throw new InvalidOperationException(
                $"cluster.auth.user: '{cluster.Auth.User}' is the user of a node, who speaks in no other name; an operator has one of his own: luminarys bus-config makes 'op-cli' with -operator.")
            : new OperatorOptions().Name;
        services.TryAddSingleton<TimeProvider>(BootTimeProvider.Instance);
        services.AddTransferClient(options =>
        {
            (options.ClusterId, options.Name, options.KeyFile) = (cluster.ClusterId.Value, name, cluster.NodeKeyFile);
            LuminarysConfigurationExtensions.Apply(cluster.TrustedNodes, options.TrustedNodes);
        });
        return services.AddNatsBus(options => LuminarysConfigurationExtensions.Apply(cluster, name, options));
    }
}
