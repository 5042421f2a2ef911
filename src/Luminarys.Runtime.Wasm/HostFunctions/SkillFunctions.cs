using Luminarys.Runtime.Wasm.HostFunctions.Archives;
using Luminarys.Runtime.Wasm.HostFunctions.Cluster;
using Luminarys.Runtime.Wasm.HostFunctions.Files;
using Luminarys.Runtime.Wasm.HostFunctions.Llm;
using Luminarys.Runtime.Wasm.HostFunctions.Network;
using Luminarys.Runtime.Wasm.HostFunctions.Shell;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>All host functions of one skill, and the files that they share.</summary>
internal sealed class SkillFunctions : IAsyncDisposable
{
    private readonly IHostFunctions[] _families;
    private readonly HostFunction[] _functions;
    private readonly SkillServices _services;

    /// <summary>Makes every family.</summary>
    public SkillFunctions(SkillServices services)
    {
        _services = services;
        _families =
        [
            new SystemFunctions(services),
            new ArchiveFunctions(services),
            new FileFunctions(services),
            new NetworkFunctions(services),
            new ShellFunctions(services),
            new ClusterFunctions(services),
            new LanguageModelFunctions(services),
        ];
        _functions = HostFunctionTable.Bind(_families);
    }

    /// <summary>The function at an index of <see cref="HostFunctionTable.Names"/>.</summary>
    public HostFunction this[int index] => _functions[index];

    /// <summary>Passes on that an instance is gone.</summary>
    public void OnInstanceDiscarded()
    {
        foreach (var family in _families)
        {
            family.OnInstanceDiscarded();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var family in _families)
        {
            try
            {
                await family.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // Broad on purpose: what one family leaves behind must not keep the others.
                Log.FamilyNotDisposed(_services.Logger, _services.Manifest.Id.Value, exception);
            }
        }

        _services.GrantedFiles.Dispose();
    }
}
