using Luminarys.Runtime.Wasm.Abi;
using Wasmtime;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>
/// What the host uses of a guest. Memory and allocator are found at the first import call when that comes before instantiation has ended:
/// a start section may call imports.
/// </summary>
internal sealed class GuestExports
{
    private Memory? _memory;
    private Func<int, int>? _alloc;
    private Action<int>? _free;
    private Func<int, int, long>? _handle;
    private Func<long>? _describe;

    /// <summary>The linear memory.</summary>
    public GuestMemory Memory => new(_memory!);

    /// <summary>Whether the memory is known.</summary>
    public bool IsBound => _memory is not null;

    /// <summary>Whether instantiation has ended and everything is known.</summary>
    public bool IsComplete => _free is not null;

    /// <summary>Finds what an import needs. Cheap once found.</summary>
    /// <exception cref="GuestFaultException">The guest does not export it.</exception>
    public void BindEarly(in Caller caller)
    {
        _memory ??= caller.GetMemory(GuestAbi.Memory) ?? throw Missing(GuestAbi.Memory);
        _alloc ??= caller.GetFunction(GuestAbi.Alloc)?.WrapFunc<int, int>() ?? throw Missing(GuestAbi.Alloc);
    }

    /// <summary>Finds everything. The module's export types were checked before.</summary>
    public void Bind(Instance instance)
    {
        _memory = instance.GetMemory(GuestAbi.Memory);
        _alloc = instance.GetFunction<int, int>(GuestAbi.Alloc);
        _free = instance.GetAction<int>(GuestAbi.Free);
        _handle = instance.GetFunction<int, int, long>(GuestAbi.Handle);
        _describe = instance.GetFunction<long>(GuestAbi.Describe);
    }

    /// <summary>Gets a block to write to.</summary>
    /// <exception cref="GuestFaultException">The guest has no memory left.</exception>
    public uint Alloc(int size)
    {
        var pointer = (uint)_alloc!(size);
        return pointer != 0 || size == 0
            ? pointer
            : throw new GuestFaultException(new(Invocations.InvocationError.SkillLimit, "the skill ran out of memory", $"{GuestAbi.Alloc}({size}) answered 0"));
    }

    /// <summary>Gives a block back.</summary>
    public void Free(uint pointer) => _free!((int)pointer);

    /// <summary>Runs one call; answers a packed result.</summary>
    public long Handle(uint pointer, int length) => _handle!((int)pointer, length);

    /// <summary>Asks for the descriptor; answers a packed result.</summary>
    public long Describe() => _describe!();

    private static GuestFaultException Missing(string export) =>
        new(new(Invocations.InvocationError.SkillTrap, $"the skill calls the host but does not export '{export}'"));
}
