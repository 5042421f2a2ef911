using Luminarys.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Luminarys.Storage.Sqlite;

/// <summary>Registers the store.</summary>
public static class SqliteStateStoreServiceCollectionExtensions
{
    /// <summary>
    /// Keeps what skills keep in a database file: registers <see cref="IStateStore"/> in the place of any other. The file is opened when the store is
    /// first asked for; one that is damaged or of another program throws <see cref="IOException"/> then.
    /// </summary>
    public static IServiceCollection AddSqliteStateStore(this IServiceCollection services, Action<SqliteStateStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptionsWithValidateOnStart<SqliteStateStoreOptions>().Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SqliteStateStoreOptions>, SqliteStateStoreOptionsValidator>());
        services.Replace(ServiceDescriptor.Singleton<IStateStore>(provider => Open(provider.GetRequiredService<IOptions<SqliteStateStoreOptions>>().Value)));
        return services;
    }

    private static SqliteStateStore Open(SqliteStateStoreOptions options) => new(options.Path, options.Node);
}
