using Luminarys.Runtime.Wasm.Abi;
using Luminarys.Skills;
using Wasmtime;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>A compiled module. Skills of the same package share it; it goes with the last one.</summary>
internal sealed class SkillModule(Module module, PackageDigest digest) : IDisposable
{
    private static readonly string[] s_connecting = ["tcp_connect", "ws_connect"];

    private static readonly (string Name, ValueKind[] Parameters, ValueKind[] Results)[] s_required =
    [
        (GuestAbi.Alloc, [ValueKind.Int32], [ValueKind.Int32]),
        (GuestAbi.Free, [ValueKind.Int32], []),
        (GuestAbi.Handle, [ValueKind.Int32, ValueKind.Int32], [ValueKind.Int64]),
        (GuestAbi.Describe, [], [ValueKind.Int64]),
    ];

    private int _users = 1;

    /// <summary>The engine's module.</summary>
    public Module Module { get; } = module;

    /// <summary>Digest of its source.</summary>
    public PackageDigest Digest { get; } = digest;

    /// <summary>Whether it was compiled from AssemblyScript, as its imports show: its SDK has a scratch area of fixed size.</summary>
    public bool LooksLikeAssemblyScript { get; } =
        module.Imports.Any(import => import is { ModuleName: GuestAbi.HostModule, Name: "abort" })
        && module.Imports.All(import => import.ModuleName != GuestAbi.WasiModule);

    /// <summary>Whether it imports anything of WASI.</summary>
    public bool UsesWasi { get; } = module.Imports.Any(import => import.ModuleName == GuestAbi.WasiModule);

    /// <summary>Whether it imports a function that opens a connection to be called back about.</summary>
    public bool Connects { get; } = module.Imports.Any(import => import.ModuleName == GuestAbi.HostModule && s_connecting.Contains(import.Name));

    /// <summary>Adds a user; answers false when the last one has left already.</summary>
    public bool TryShare()
    {
        for (var users = Volatile.Read(ref _users); users > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    /// <summary>What is wrong with the exports and what to do; null when they are those of a skill.</summary>
    public string? FindExportFault()
    {
        var exports = Module.Exports.ToDictionary(export => export.Name, StringComparer.Ordinal);
        if (exports.ContainsKey(GuestAbi.Start) && !exports.ContainsKey(GuestAbi.Handle))
        {
            return $"it is a program, not a skill: it exports '{GuestAbi.Start}' but no '{GuestAbi.Handle}'; build Go skills with -buildmode=c-shared";
        }

        if (!exports.TryGetValue(GuestAbi.Memory, out var memory) || memory is not MemoryExport)
        {
            return $"it does not export its memory as '{GuestAbi.Memory}'; rebuild it with a skill SDK";
        }

        var missing = s_required.Where(required => !exports.ContainsKey(required.Name)).Select(required => $"'{required.Name}'").ToArray();
        if (missing.Length > 0)
        {
            return $"it does not export {string.Join(", ", missing)}; rebuild it with a skill SDK";
        }

        foreach (var (name, parameters, results) in s_required)
        {
            if (exports[name] is not FunctionExport function
                || !function.Parameters.SequenceEqual(parameters) || !function.Results.SequenceEqual(results))
            {
                return $"its export '{name}' must be a function ({Describe(parameters)}) -> ({Describe(results)}); rebuild it with a current skill SDK";
            }
        }

        return null;
    }

    /// <summary>Ends one use.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Module.Dispose();
        }
    }

    private static string Describe(ValueKind[] kinds) => string.Join(", ", kinds.Select(kind => kind == ValueKind.Int64 ? "i64" : "i32"));
}
