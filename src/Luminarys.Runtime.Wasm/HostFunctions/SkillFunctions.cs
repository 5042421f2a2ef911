using Luminarys.Runtime.Wasm.HostFunctions.Archives;
using Luminarys.Runtime.Wasm.HostFunctions.Network;
using Luminarys.Runtime.Wasm.HostFunctions.Files;

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
            new NetworkFunctions(services),
            new FileFunctions(services),
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
            await family.DisposeAsync().ConfigureAwait(false);
        }

        _services.GrantedFiles.Dispose();
    }
}
