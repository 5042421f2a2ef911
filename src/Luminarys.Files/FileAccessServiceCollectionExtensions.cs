using Luminarys.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Luminarys.Files;

/// <summary>Registers file access.</summary>
public static class FileAccessServiceCollectionExtensions
{
    /// <summary>Registers <see cref="IFileAccess"/> once for the application. One that is already registered stays.</summary>
    public static IServiceCollection AddFileAccess(this IServiceCollection services, Action<FileAccessOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<FileAccessOptions>().Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IFileAccess, AnchoredFileAccess>();
        return services;
    }
}
