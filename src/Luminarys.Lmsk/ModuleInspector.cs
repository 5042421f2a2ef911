using Luminarys.Files;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Luminarys.Lmsk;

/// <summary>Asks a module what it is, in the sandbox and without any permission.</summary>
internal static class ModuleInspector
{
    public static async Task<SkillInspection> InspectAsync(ReadOnlyMemory<byte> module, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection()
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddFileAccess(_ => { })
            .AddWasmRuntime(_ => { })
            .BuildServiceProvider();
        await using (services.ConfigureAwait(false))
        {
            return await services.GetRequiredService<ISkillInspector>().InspectAsync(module, cancellationToken).ConfigureAwait(false);
        }
    }
}
