using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Engine;
using Luminarys.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Luminarys.Runtime.Wasm;

/// <summary>Registers the WebAssembly runtime.</summary>
public static class WasmRuntimeServiceCollectionExtensions
{
    /// <summary>
    /// Makes skills run as WebAssembly modules: registers <see cref="ISkillRuntime"/> once for the application; it needs an <see cref="IFileAccess"/>. Options are checked when the
    /// host starts. <see cref="ISkillInspector"/> comes with it. An <see cref="ISkillRuntime"/> or <see cref="TimeProvider"/> that is already registered stays; an <see cref="ISkillObserver"/> is told
    /// what skills do.
    /// </summary>
    public static IServiceCollection AddWasmRuntime(this IServiceCollection services, Action<WasmRuntimeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptionsWithValidateOnStart<WasmRuntimeOptions>().Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WasmRuntimeOptions>, WasmRuntimeOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WasmRuntimeOptions>, OwnPlacesValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IStateStore>(_ => new MemoryStateStore());
        services.TryAddSingleton<ISkillRuntime>(provider => new WasmSkillRuntime(
            provider.GetRequiredService<IOptions<WasmRuntimeOptions>>(),
            new(provider.GetRequiredService<IFileAccess>(), provider.GetRequiredService<IStateStore>(), provider.GetService<ILanguageModel>(), AuditLog.Create(provider.GetService<ILoggerFactory>(), provider.GetRequiredService<TimeProvider>()))
            {
                Observer = provider.GetService<ISkillObserver>(),
                Trust = provider.GetService<ITrustSource>(),
            },
            provider.GetRequiredService<ILogger<WasmSkillRuntime>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ISkillInbox, SkillInbox>();
        services.TryAddSingleton<ISkillInspector, SkillInspector>();
        return services;
    }
}
