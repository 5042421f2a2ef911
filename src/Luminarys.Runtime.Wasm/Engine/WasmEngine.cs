using Luminarys.Runtime.Wasm.HostFunctions;
using Wasmtime;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>The WebAssembly engine with its settings, and everything that guests may import. Shared by all skills.</summary>
internal sealed class WasmEngine : IDisposable
{
    /// <summary>WebAssembly stack of a guest. An interpreter compiled from Go overflows half of it.</summary>
    public const int GuestStack = 1024 * 1024;

    private const int TableElements = 100_000;

    /// <summary>Makes the engine and defines the imports.</summary>
    /// <remarks>
    /// References other than the plain funcref and externref must stay off: the engine's C interface ends the process when the types of a
    /// module's imports and exports are read and one of them is such a reference.
    /// </remarks>
    public WasmEngine(TimeProvider time)
    {
        using var config = new Config()
            .WithEpochInterruption(true)
            .WithMaximumStackSize(GuestStack)
            .WithWasmThreads(false)
            .WithMemory64(false)
            .WithMultiMemory(false)
            .WithFunctionReferences(false)
            .WithGc(false)
            .WithExceptions(false);
        Engine = new Wasmtime.Engine(config);
        Imports = new Linker(Engine) { AllowShadowing = true };
        Imports.DefineWasi();
        new WasiFunctions(time).Define(Imports);
        AssemblyScriptFunctions.Define(Imports, time);
        HostFunctionTable.Define(Imports);
        Imports.AllowShadowing = false;
    }

    /// <summary>Everything that a compiled module depends on besides its source: part of the cache's file names.</summary>
    public static string Fingerprint { get; } =
        $"wasmtime {typeof(Wasmtime.Engine).Assembly.GetName().Version}; {System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier}; epochs; stack {GuestStack}; no threads, memory64, multi-memory, function references, gc, exceptions";

    /// <summary>The engine.</summary>
    public Wasmtime.Engine Engine { get; }

    /// <summary>The imports.</summary>
    public Linker Imports { get; }

    /// <summary>Makes a store with the limits of a skill.</summary>
    /// <param name="data">What imports find.</param>
    /// <param name="memoryMegabytes">Memory limit.</param>
    /// <param name="wasi">Null only for a module that imports nothing of WASI: the call of such an import would end the process.</param>
    public Store CreateStore(object data, int memoryMegabytes, WasiConfiguration? wasi)
    {
        var store = new Store(Engine, data);
        store.SetLimits(memorySize: (long)memoryMegabytes << 20, tableElements: TableElements, instances: 10, tables: 10, memories: 1);
        if (wasi is not null)
        {
            store.SetWasiConfiguration(wasi);
        }

        return store;
    }

    /// <summary>Why the module is no skill of this host, and what to do; null when it is one.</summary>
    public string? FindFault(SkillModule module)
    {
        if (module.FindExportFault() is { } exports)
        {
            return exports;
        }

        using var store = CreateStore(this, 1, new WasiConfiguration());
        var unknown = module.Module.Imports
            .Where(import => Imports.GetFunction(store, import.ModuleName, import.Name) is null)
            .Select(import => $"{import.ModuleName}.{import.Name}")
            .ToArray();
        return unknown.Length == 0 ? null : $"it imports {string.Join(", ", unknown)}, which this host does not have; build it with a skill SDK of this host's version";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Imports.Dispose();
        Engine.Dispose();
    }
}
